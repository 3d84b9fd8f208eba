"""Drawing, by tools that every figure uses: a sheet, its text and colours, pictures for page, card and paper."""
