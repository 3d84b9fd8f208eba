/* Where scripts run, a reader sets how much each criterion counts, and sees which ranks each option can then take. The
   table beside it, which stands without scripts, has the same sums for some weights. Texts are set as texts. */
(function () {
  "use strict";

  function made(tag, name, words) {
    var one = document.createElement(tag);
    if (name) { one.className = name; }
    if (words) { one.textContent = words; }
    return one;
  }

  /* The lowest and the highest weighted sum of an option: each step between levels counts the same. */
  function sum(levels, weights) {
    return levels.reduce(function (total, level, place) { return total + level * weights[place]; }, 0);
  }

  function start(holder) {
    var given = JSON.parse(holder.querySelector("script").textContent);
    var form = made("div", "weighing__form");
    var out = made("ol", "weighing__ranks");
    var told = made("p", "weighing__told");
    told.setAttribute("role", "status");

    var label = made("label", "weighing__setting", given.words.start + " ");
    var select = document.createElement("select");
    given.settings.forEach(function (setting, place) {
      var option = made("option", "", setting.name);
      option.value = String(place);
      select.appendChild(option);
    });
    var own = made("option", "", given.words.own);
    own.value = "";
    own.disabled = true;
    select.appendChild(own);
    label.appendChild(select);
    form.appendChild(label);
    var why = made("p", "weighing__why");
    form.appendChild(why);

    var sides = {};
    var sliders = given.criteria.map(function (criterion) {
      if (!sides[criterion.asks]) {
        sides[criterion.asks] = made("fieldset", "weighing__side");
        sides[criterion.asks].appendChild(made("legend", "", criterion.asks || given.words.criteria));
        form.appendChild(sides[criterion.asks]);
      }
      var line = made("label", "weighing__criterion");
      line.appendChild(made("span", "", criterion.name));
      var slider = document.createElement("input");
      slider.type = "range";
      slider.min = "0";
      slider.max = String(given.most);
      slider.step = "1";
      var value = made("span", "", "");
      value.setAttribute("aria-hidden", "true");
      line.appendChild(slider);
      line.appendChild(value);
      sides[criterion.asks].appendChild(line);
      slider.addEventListener("input", function () { select.value = ""; take(); });
      return { input: slider, value: value };
    });

    function show() {
      var weights = sliders.map(function (slider) { return Number(slider.input.value); });
      sliders.forEach(function (slider, place) {
        slider.value.textContent = String(weights[place]);
        slider.input.setAttribute("aria-valuetext", given.words.of.replace("{weight}", weights[place]).replace("{most}", given.most));
      });
      out.textContent = "";
      if (!weights.some(Boolean)) { told.textContent = given.words.nothing; return; }
      var settled = false;
      var ends = given.options.map(function (option) {
        return { low: sum(option.low, weights), high: sum(option.high, weights) };
      });
      given.options.forEach(function (option, here) {
        var others = given.options.map(function (_, there) { return there; }).filter(function (there) {
          return there !== here && given.options[there].group === option.group;
        });
        var best = 1 + others.filter(function (there) { return ends[there].low > ends[here].high; }).length;
        var worst = 1 + others.filter(function (there) { return ends[there].high > ends[here].low; }).length;
        settled = settled || best > 1 || worst < others.length + 1;
        var item = made("li", "");
        item.appendChild(made("span", "weighing__name", option.name));
        var track = made("span", "weighing__track");
        track.setAttribute("aria-hidden", "true");
        var bar = made("span", "weighing__bar");
        bar.style.left = 100 * (best - 1) / (others.length + 1) + "%";
        bar.style.width = 100 * (worst - best + 1) / (others.length + 1) + "%";
        track.appendChild(bar);
        item.appendChild(track);
        item.appendChild(made("span", "weighing__place", best === worst ? String(best) : given.words.to.replace("{best}", best).replace("{worst}", worst)));
        out.appendChild(item);
      });
      told.textContent = settled
        ? given.words.settled
        : given.words.unsettled;
    }

    function take() {
      why.textContent = select.value === "" ? "" : given.settings[Number(select.value)].why;
      if (select.value === "") { show(); return; }
      given.settings[Number(select.value)].weights.forEach(function (weight, place) {
        sliders[place].input.value = String(weight);
      });
      show();
    }

    select.addEventListener("change", take);
    holder.appendChild(form);
    var result = made("div", "weighing__result");
    result.appendChild(told);
    result.appendChild(out);
    holder.appendChild(result);
    take();
    holder.hidden = false;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".weighing").forEach(start);
  });
})();
