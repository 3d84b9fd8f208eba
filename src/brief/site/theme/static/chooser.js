/* Where scripts run, a reader chooses which rows of a table, or which comments, to see. Without scripts, and on paper,
   all of them stand. Nothing is asked of any server. */
(function () {
  "use strict";

  function start(chooser) {
    var items = Array.prototype.slice.call(document.querySelectorAll(chooser.dataset.items));
    if (!items.length) { return; }
    var selects = Array.prototype.slice.call(chooser.querySelectorAll("select"));
    var told = chooser.querySelector("[role=status]");

    /* What an item can be chosen by: the cell of a row, or the values that a comment carries. */
    function values(item, select) {
      return item.cells ? [item.cells[select.dataset.place].textContent]
        : JSON.parse(item.dataset.choices || "{}")[select.dataset.place] || [];
    }

    function fits(item, select) {
      return !select.value || values(item, select).indexOf(select.value) >= 0;
    }

    /* What no item has together with the choices before it cannot be chosen; where it was, all is. */
    function narrow() {
      selects.slice(1).forEach(function (select, place) {
        var before = selects.slice(0, place + 1);
        var there = [];
        items.forEach(function (item) {
          if (before.every(function (one) { return fits(item, one); })) { there = there.concat(values(item, select)); }
        });
        Array.prototype.forEach.call(select.options, function (option) {
          option.disabled = option.value !== "" && there.indexOf(option.value) < 0;
        });
        if (select.selectedOptions[0].disabled) { select.selectedIndex = 0; }
      });
    }

    function choose() {
      var shown = 0;
      narrow();
      items.forEach(function (item) {
        item.hidden = !selects.every(function (select) { return fits(item, select); });
        shown += item.hidden ? 0 : 1;
      });
      told.textContent = told.dataset.said.replace("{shown}", shown).replace("{all}", items.length);
    }

    /* A link may lead to what was not chosen: then all is shown. */
    function reach() {
      var name = location.hash.slice(1);
      try { name = decodeURIComponent(name); } catch (error) { /* taken as it stands */ }
      var target = name && document.getElementById(name);
      if (target && target.closest("[hidden]") && items.indexOf(target.closest("[hidden]")) >= 0) {
        selects.forEach(function (select) { select.selectedIndex = 0; });
        choose();
        target.scrollIntoView();
      }
    }

    selects.forEach(function (select) {
      // In a table the first choice after "All", so that what is seen at first is an answer and not many rows.
      var first = chooser.dataset.opens === "all" ? 0 : 1;
      select.selectedIndex = Math.min(first, select.options.length - 1);
      select.addEventListener("change", choose);
    });
    choose();
    // A browser that comes back to a page may restore what was chosen before.
    window.addEventListener("pageshow", choose);
    window.addEventListener("hashchange", reach);
    chooser.hidden = false;
    reach();
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".chooser").forEach(start);
  });
})();
