"""The chapters, read and checked; everything they show, computed once; what an edition said."""
