/* Searching all comments: words, choices and order stand in the address, so that a view can be sent and the way back
   works. What is needed is loaded in parts, as scripts of this site, so that it works opened as files too. Every text
   is set as text. */
(function () {
  "use strict";

  var PART = /^search\/[a-z]+(-\d+)?\.js\?v=[0-9a-f]+$/;
  var LONGEST = 40;

  function start(form) {
    var told = document.querySelector(".browse__status");
    var results = document.querySelector(".browse__results");
    var pager = document.querySelector(".browse__pages");
    var clear = form.querySelector(".browse__clear");
    var fields = Array.prototype.slice.call(form.querySelectorAll("input, select"));
    var whole = Number(form.dataset.entries);
    var waiting = Object.create(null), parts = Object.create(null), asked = 0;

    if (window.trustedTypes && window.trustedTypes.createPolicy) {
      window.trustedTypes.createPolicy("default", {
        createScriptURL: function (address) { return PART.test(address) ? address : null; }
      });
    }
    window.briefPart = function (name, content) { parts[name] = content; };

    /* A part, loaded once; one that could not be loaded is asked for again the next time. */
    function load(name) {
      if (!waiting[name]) {
        waiting[name] = new Promise(function (resolve, reject) {
          var script = document.createElement("script");
          script.onload = function () {
            if (parts[name]) { resolve(parts[name]); delete parts[name]; } else { script.onerror(); }
          };
          script.onerror = function () { delete waiting[name]; reject(new Error(name)); };
          script.src = "search/" + name + ".js?v=" + form.dataset.version;
          document.head.appendChild(script);
        });
      }
      return waiting[name];
    }

    function each(from, to, make) {
      var loads = [];
      for (var number = from; number <= to; number += 1) { loads.push(make(number)); }
      return Promise.all(loads);
    }

    /* Words ------------------------------------------------------------------------------------------------------- */

    function folded(text) {
      return text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "").normalize("NFC");
    }

    /* What is looked for: each a word, and whether longer words that begin so do as well. */
    function terms(text, unspaced) {
      var run = new RegExp("[" + unspaced + "]+|[^" + unspaced + "]+", "gu");
      var signs = new RegExp("^[" + unspaced + "]", "u");
      var out = [];
      (folded(text).match(/[\p{L}\p{N}]+/gu) || []).forEach(function (word) {
        Array.from(word).slice(0, LONGEST).join("").match(run).forEach(function (piece) {
          var letters = Array.from(piece);
          if (!signs.test(piece) || letters.length === 1) {
            out.push([piece, signs.test(piece) || letters.length > 2]);
            return;
          }
          letters.slice(1).forEach(function (letter, place) { out.push([letters[place] + letter, false]); });
        });
      });
      return out;
    }

    /* The entries in which a term stands. */
    function standing(term, firsts) {
      var word = term[0], end = term[1] ? word + "\uffff" : word;
      var last = 0;
      while (last < firsts.length && firsts[last] <= end) { last += 1; }
      var first = last;
      // A word of very many entries goes on from one part to the next.
      while (first > 1 && firsts[first - 1] >= word) { first -= 1; }
      if (!last) { return Promise.resolve(new Set()); }
      return each(first, last, function (number) { return load("words-" + number); }).then(function (loaded) {
        var entries = new Set();
        loaded.forEach(function (part) {
          part.forEach(function (row) {
            if (row[0] === word || (term[1] && row[0].startsWith(word))) {
              var entry = 0;
              row[1].forEach(function (step) { entry += step; entries.add(entry); });
            }
          });
        });
        return entries;
      });
    }

    /* What is asked for ------------------------------------------------------------------------------------------- */

    function state() {
      var out = { page: 1 };
      new URLSearchParams(location.hash.slice(1)).forEach(function (value, name) { out[name] = value; });
      out.page = Math.max(1, parseInt(out.page, 10) || 1);
      return out;
    }

    function address(page) {
      var params = new URLSearchParams();
      fields.forEach(function (field) { if (field.value.trim()) { params.set(field.name, field.value.trim()); } });
      if (page > 1) { params.set("page", page); }
      return params.toString();
    }

    function go(page) {
      var to = address(page);
      if (to !== location.hash.slice(1)) { location.hash = to || "all"; }
    }

    /* Set the fields as the address has them; returns the first value that is not offered here. */
    function fill(given) {
      var unknown = "";
      fields.forEach(function (field) {
        field.value = given[field.name] || "";
        if (field.selectedIndex === -1) {
          unknown = unknown || given[field.name];
          field.value = "";
        }
      });
      return unknown;
    }

    /* The entries in which all the words stand, in their order; null where no words are asked for. */
    function worded(looked, firsts) {
      if (!looked.length) { return Promise.resolve(null); }
      return Promise.all(looked.map(function (term) { return standing(term, firsts); })).then(function (sets) {
        return Array.from(sets[0]).filter(function (entry) {
          return sets.every(function (set) { return set.has(entry); });
        }).sort(function (one, other) { return one - other; });
      });
    }

    /* How many of an entry's comments have all that was chosen, how many there are, and whether the one shown has it.
       Those in the same words may differ in it: `kinds` then has the values of each kind, the first that of the one
       shown, and these have to fit together. */
    function counted(chosen, columns, place, first) {
      function fits(value) {
        return chosen.every(function (pair) {
          var own = value(pair[0]);
          return Array.isArray(own) ? own.indexOf(pair[1]) >= 0 : own === pair[1];
        });
      }
      var all = 1 + columns[first + 2][place], kinds = columns[first + 3][place];
      if (!kinds) { return fits(function (choice) { return columns[choice][place]; }) ? [all, all, true] : [0, all]; }
      var fitting = kinds.map(function (kind) {
        return fits(function (choice) { return kind[1 + choice]; }) ? kind[0] : 0;
      });
      return [fitting.reduce(function (sum, number) { return sum + number; }), all, fitting[0] > 0];
    }

    /* The entries that fit, in their order, with `comments`, which says what `counted` does of each where something
       is looked for; null for all of them as they were listed. */
    function fitting(about) {
      var looked = terms(form.elements.q.value, about.unspaced);
      var chosen = [];
      about.choices.forEach(function (choice, place) {
        var value = form.elements[choice[0]].value;
        if (value) { chosen.push([place, choice[1].indexOf(value)]); }
      });
      var order = form.elements.order.value;
      if (!looked.length && !chosen.length && !order) { return Promise.resolve(null); }
      return worded(looked, about.words).then(function (found) {
        var wanted = about.rows.map(function () { return found ? [] : null; }), part = 0;
        (found || []).forEach(function (entry) {
          while (part + 1 < about.rows.length && about.rows[part + 1] <= entry) { part += 1; }
          wanted[part].push(entry);
        });
        return Promise.all(wanted.map(function (own, number) {
          return own && !own.length ? null : load("rows-" + (number + 1));
        })).then(function (loaded) {
          var entries = [], keys = new Map(), first = about.choices.length;
          var column = { newest: 0, oldest: 0, likes: 1, copies: 2 }[order];
          if (looked.length || chosen.length) { entries.comments = new Map(); }
          loaded.forEach(function (columns, part) {
            if (!columns) { return; }
            var own = wanted[part] || columns[first].map(function (day, place) { return about.rows[part] + place; });
            own.forEach(function (entry) {
              var place = entry - about.rows[part], number = counted(chosen, columns, place, first);
              if (!number[0]) { return; }
              entries.push(entry);
              if (entries.comments) { entries.comments.set(entry, number); }
              if (order) { keys.set(entry, columns[first + column][place]); }
            });
          });
          if (order) {
            entries.sort(function (one, other) {
              var a = keys.get(one), b = keys.get(other);
              // What has no date comes last, whichever way.
              if (order === "oldest" && a && b) { return a - b || one - other; }
              return b - a || one - other;
            });
          }
          return entries;
        });
      });
    }

    /* Showing ----------------------------------------------------------------------------------------------------- */

    function element(name, kind, text) {
      var out = document.createElement(name);
      if (kind) { out.className = kind; }
      if (text !== undefined) { out.textContent = text; }
      return out;
    }

    function link(text, href) {
      var out = element("a", "", text);
      out.setAttribute("href", href);
      return out;
    }

    function shown(row, number) {
      var article = element("article", "comment");
      var head = element("h3", "comment__label");
      head.appendChild(link(row[2], row[1] + ".html#" + encodeURIComponent(row[0])));
      article.appendChild(head);
      if (row[5]) {
        var words = told.dataset.reply.split("{comment}");
        var reply = element("p", "comment__answers", words[0]);
        reply.appendChild(link(row[5][0], row[5][1]));
        reply.appendChild(document.createTextNode(words[1]));
        article.appendChild(reply);
      }
      var text = element("blockquote", "verbatim", row[3]);
      text.dir = "auto";
      if (row[4]) { text.lang = row[4]; }
      article.appendChild(text);
      var list = element("dl", "comment__coding");
      var facts = row[6];
      if (number && number[0] < number[1]) {
        facts = facts.concat([[told.dataset.name, filled(number[2] ? told.dataset.part : told.dataset.other, {
          number: figure(number[0]), comments: figure(number[1])
        })]]);
      }
      facts.forEach(function (fact) {
        var pair = element("div");
        pair.appendChild(element("dt", "", fact[0])).dir = "auto";
        pair.appendChild(element("dd", "", fact[1])).dir = "auto";
        list.appendChild(pair);
      });
      article.appendChild(list);
      return article;
    }

    function figure(number) {
      return new Intl.NumberFormat(document.documentElement.lang || "en").format(number);
    }

    function filled(text, values) {
      return text.replace(/\{(\w+)\}/g, function (whole_, name) { return values[name]; });
    }

    function show() {
      var mine = asked += 1;
      var given = state(), unknown = fill(given), signs = form.elements.q.value.trim();
      told.textContent = told.dataset.wait;
      results.setAttribute("aria-busy", "true");
      load("start").then(function (about) {
        // What cannot be looked for fits nothing: to leave it out would show more than was asked for.
        var vain = unknown ? filled(told.dataset.unknown, { value: unknown })
          : signs && !terms(signs, about.unspaced).length ? filled(told.dataset.signs, { value: signs }) : "";
        return (vain ? Promise.resolve([]) : fitting(about)).then(function (entries) {
          var all = entries ? entries.length : whole;
          var pages = Math.max(1, Math.ceil(all / about.texts)), page = Math.min(given.page, pages);
          var here = [];
          for (var place = (page - 1) * about.texts; place < Math.min(all, page * about.texts); place += 1) {
            here.push(entries ? entries[place] : place);
          }
          return Promise.all(here.map(function (entry) {
            return load("texts-" + (Math.floor(entry / about.texts) + 1)).then(function (texts) {
              return texts[entry % about.texts];
            });
          })).then(function (rows) {
            if (mine !== asked) { return; }
            var numbers = entries && entries.comments;
            var comments = 0;
            if (numbers) { numbers.forEach(function (number) { comments += number[0]; }); }
            results.replaceChildren.apply(results, rows.map(function (row, place) {
              return shown(row, numbers && numbers.get(here[place]));
            }));
            told.textContent = all ? filled(comments > all ? told.dataset.more : told.dataset.some, {
              fitting: figure(all),
              all: figure(whole),
              comments: figure(comments),
              first: figure((page - 1) * about.texts + 1),
              last: figure(Math.min(all, page * about.texts))
            }) : vain || told.dataset.none;
            pager.hidden = pages < 2;
            Array.prototype.forEach.call(pager.querySelectorAll("a"), function (step) {
              var to = page + Number(step.dataset.step);
              step.hidden = to < 1 || to > pages;
              step.href = "#" + (address(to) || "all");
            });
            clear.hidden = !address(1);
          });
        });
      }).catch(function () {
        if (mine === asked) { told.textContent = told.dataset.lost; }
      }).then(function () {
        if (mine === asked) { results.removeAttribute("aria-busy"); }
      });
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      go(1);
    });
    form.addEventListener("change", function () { go(1); });
    clear.addEventListener("click", function (event) {
      event.preventDefault();
      location.hash = "all";
      form.elements.q.focus();
    });
    pager.addEventListener("click", function (event) {
      // After the next page is asked for, a reader goes on from its beginning.
      if (event.target.closest("a")) { told.focus(); }
    });
    window.addEventListener("hashchange", function () {
      // A link within the page, such as that to its text, asks for nothing else.
      if (!document.getElementById(location.hash.slice(1))) { show(); }
    });
    form.hidden = false;
    show();
  }

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form.browse");
    if (form) { start(form); }
  });
})();
