/* The address of a comment, comments.html#ID, leads on to the page that shows it. Nothing is asked of any server but
   this site's own files, and those work opened as files too. */
(function () {
  "use strict";

  function named() {
    var name = location.hash.slice(1);
    try { return decodeURIComponent(name); } catch (error) { return name; }
  }

  /* On the chapter: what it does not list itself stands further on. */
  function lead(page) {
    if (named() && !document.getElementById(named())) {
      location.replace(page + "#" + encodeURIComponent(named()));
    }
  }

  /* On the page of ids: the file that has the id is loaded, and the page that it names is opened. */
  function find(told) {
    var parts = Object.create(null);
    if (window.trustedTypes && window.trustedTypes.createPolicy) {
      window.trustedTypes.createPolicy("default", {
        createScriptURL: function (address) { return /^places\/[a-z]+(-\d+)?\.js\?v=[0-9a-f]+$/.test(address) ? address : null; }
      });
    }
    window.briefPart = function (name, content) { parts[name] = content; };

    function load(name, then) {
      if (parts[name]) { then(parts[name]); return; }
      var script = document.createElement("script");
      script.onload = function () { if (parts[name]) { then(parts[name]); } else { script.onerror(); } };
      script.onerror = function () { told.textContent = told.dataset.lost; };
      script.src = "places/" + name + ".js?v=" + told.dataset.version;
      document.head.appendChild(script);
    }

    function go() {
      var id = named();
      if (!id || document.getElementById(id)) { return; }
      told.textContent = told.dataset.wait;
      load("start", function (firsts) {
        var number = 0;
        while (number < firsts.length && firsts[number] <= id) { number += 1; }
        function none() { told.textContent = told.dataset.none.split("{id}").join(id); }
        if (!number) { none(); return; }
        load("ids-" + number, function (places) {
          var place = places.find(function (row) { return row[0] === id; });
          if (place) { location.replace(place[1] + ".html#" + encodeURIComponent(place[2] || id)); } else { none(); }
        });
      });
    }

    window.addEventListener("hashchange", go);
    go();
  }

  document.addEventListener("DOMContentLoaded", function () {
    var all = document.querySelector(".all-comments");
    if (all) {
      lead(all.dataset.find);
      window.addEventListener("hashchange", function () { lead(all.dataset.find); });
    }
    var told = document.querySelector(".browse__status[data-version]");
    if (told) { find(told); }
  });
})();
