/* The reader's choice of a light or a dark page, kept in this browser only; and what a link leads to is unfolded. */
(function () {
  "use strict";
  var root = document.documentElement;
  var key = "brief-theme";
  function kept() {
    try { return window.localStorage.getItem(key); } catch (error) { return null; }
  }
  function keep(theme) {
    try { window.localStorage.setItem(key, theme); } catch (error) { /* not kept, and that is all */ }
  }
  var chosen = kept();
  if (chosen === "light" || chosen === "dark") { root.setAttribute("data-theme", chosen); }
  /* What an address names after its #; an address that somebody else made may name anything, or nothing. */
  function named() {
    var name = window.location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch (error) { /* taken as it stands */ }
    return name ? document.getElementById(name) : null;
  }
  function unfold() {
    var target = named();
    if (!target) { return; }
    var fold = target.closest("details:not([open])") || target.querySelector(":scope > details:not([open])");
    if (!fold) { return; }
    while (fold) {
      fold.open = true;
      fold = fold.parentElement.closest("details:not([open])");
    }
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  document.addEventListener("DOMContentLoaded", function () {
    unfold();
    var button = document.querySelector(".theme-toggle");
    if (!button) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var dark = root.getAttribute("data-theme")
        ? root.getAttribute("data-theme") === "dark"
        : window.matchMedia("(prefers-color-scheme: dark)").matches;
      var next = dark ? "light" : "dark";
      root.setAttribute("data-theme", next);
      keep(next);
    });
  });
})();
