/* Where scripts run, Vega draws a figure again when a reader points at it, for its tooltips. Only then is Vega loaded.
   The picture that the page came with stays until it is drawn, and stays for good where anything fails. Text of the data
   is set as text, never as markup. */
(function () {
  "use strict";
  var tip, loading;
  var vega = document.currentScript.dataset.vega;

  // Vega empties elements by giving them markup; the page's policy allows no other markup than none, and no other
  // script to be added than Vega.
  if (window.trustedTypes && window.trustedTypes.createPolicy) {
    window.trustedTypes.createPolicy("default", {
      createHTML: function (text) { return text === "" ? "" : null; },
      createScriptURL: function (address) { return address === vega ? address : null; }
    });
  }

  function colours(value, map) {
    if (typeof value === "string") { return Object.prototype.hasOwnProperty.call(map, value) ? map[value] : value; }
    if (Array.isArray(value)) { return value.map(function (item) { return colours(item, map); }); }
    if (value && typeof value === "object") {
      var out = {};
      Object.keys(value).forEach(function (name) { out[name] = colours(value[name], map); });
      return out;
    }
    return value;
  }

  function tooltip(handler, event, item, value) {
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "fig-tooltip";
      tip.setAttribute("role", "tooltip");
      document.body.appendChild(tip);
    }
    if (value === null || value === undefined || value === "") { tip.hidden = true; return; }
    tip.textContent = "";
    var rows = typeof value === "object" ? Object.keys(value) : [""];
    rows.forEach(function (name) {
      var line = document.createElement("p");
      if (name) {
        var label = document.createElement("strong");
        label.textContent = name + " ";
        line.appendChild(label);
      }
      line.appendChild(document.createTextNode(String(name ? value[name] : value)));
      tip.appendChild(line);
    });
    tip.hidden = false;
    var room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = Math.max(8, Math.min(event.clientX + 12, room)) + window.scrollX + "px";
    tip.style.top = event.clientY + 16 + window.scrollY + "px";
  }

  function draw(picture, map) {
    var holder = picture.querySelector("script[type='application/json']");
    var still = picture.querySelector("svg");
    if (!holder || !still || picture.dataset.drawn) { return; }
    picture.dataset.drawn = "yes";
    var place = document.createElement("div");
    place.className = "picture__live";
    place.setAttribute("aria-hidden", "true");
    place.hidden = true;
    picture.appendChild(place);
    var options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: tooltip };
    window.briefVega.vegaEmbed(place, colours(JSON.parse(holder.textContent), map), options).then(function () {
      var live = place.querySelector("svg");
      if (!live) { return; }
      live.setAttribute("viewBox", still.getAttribute("viewBox"));
      still.remove();
      place.hidden = false;
    }).catch(function () { place.remove(); });
  }

  function load(then) {
    if (window.briefVega) { then(); return; }
    if (!loading) {
      loading = document.createElement("script");
      loading.src = vega;
      document.head.appendChild(loading);
    }
    loading.addEventListener("load", then);
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".picture").forEach(function (picture) {
      picture.addEventListener("pointerover", function () {
        load(function () {
          draw(picture, JSON.parse(picture.closest("figure").querySelector("script.palette").textContent));
        });
      }, { once: true });
    });
  });
})();
