/* Where scripts run, a reader chooses which rows of a table to see. Without scripts, and on paper, the whole table
   stands. */
(function () {
  "use strict";

  function start(chooser) {
    var region = document.getElementById(chooser.dataset.chooses);
    if (!region) { return; }
    var rows = Array.prototype.slice.call(region.querySelector("tbody").rows);
    var selects = Array.prototype.slice.call(chooser.querySelectorAll("select"));
    var told = chooser.querySelector("[role=status]");

    function fits(row, select) {
      return !select.value || row.cells[select.dataset.column].textContent === select.value;
    }

    /* What no row has together with the choices before it cannot be chosen; where it was, all is. */
    function narrow() {
      selects.slice(1).forEach(function (select, place) {
        var before = selects.slice(0, place + 1);
        var there = rows.filter(function (row) {
          return before.every(function (one) { return fits(row, one); });
        }).map(function (row) { return row.cells[select.dataset.column].textContent; });
        Array.prototype.forEach.call(select.options, function (option) {
          option.disabled = option.value !== "" && there.indexOf(option.value) < 0;
        });
        if (select.selectedOptions[0].disabled) { select.selectedIndex = 0; }
      });
    }

    function choose() {
      var shown = 0;
      narrow();
      rows.forEach(function (row) {
        row.hidden = !selects.every(function (select) { return fits(row, select); });
        shown += row.hidden ? 0 : 1;
      });
      told.textContent = told.dataset.shown.replace("{shown}", shown).replace("{all}", rows.length);
    }

    selects.forEach(function (select) {
      // The first choice after "All", so that what is seen at first is an answer and not a long table.
      select.selectedIndex = Math.min(1, select.options.length - 1);
      select.addEventListener("change", choose);
    });
    choose();
    // A browser that comes back to a page may restore what was chosen before.
    window.addEventListener("pageshow", choose);
    chooser.hidden = false;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".chooser").forEach(start);
  });
})();
