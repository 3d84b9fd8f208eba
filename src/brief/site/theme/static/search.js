/* Sphinx's search, with numbers as words like others, and with words such as "constructor" that objects know by themselves. */
(function () {
  "use strict";
  function own(table, word) {
    var files = Object.prototype.hasOwnProperty.call(table, word) ? table[word] : [];
    return Array.isArray(files) ? files : [files];
  }
  var noneOfSphinx = "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.";
  Search._parseQuery = function (query) {
    /* Sphinx speaks of categories, which there are none of; the page has our words, in its language. */
    Documentation.TRANSLATIONS[noneOfSphinx] = document.getElementById("search-results").dataset.none;
    var stemmer = new Stemmer();
    var searched = new Set(), excluded = new Set(), highlighted = new Set();
    var objects = new Set(splitQuery(query.toLowerCase().trim()));
    objects.forEach(function (term) {
      if (stopwords.indexOf(term) !== -1) { return; }
      searched.add(stemmer.stemWord(term));
      highlighted.add(term);
    });
    try { window.localStorage.setItem("sphinx_highlight_terms", Array.from(highlighted).join(" ")); } catch (error) { /* not marked */ }
    return [query, searched, excluded, highlighted, objects];
  };
  /* Files that hold every word; one that is in no file may be part of longer ones, and counts less. */
  Search.performTermsSearch = function (searched) {
    var index = Search._index, scores = new Map();
    searched.forEach(function (word) {
      [[index.terms, Scorer.term, Scorer.partialTerm], [index.titleterms, Scorer.title, Scorer.partialTitle]].forEach(function (kind) {
        var found = own(kind[0], word), score = kind[1];
        if (!found.length && word.length > 2) {
          score = kind[2];
          Object.keys(kind[0]).forEach(function (term) {
            if (term.includes(word)) { found = found.concat(own(kind[0], term)); }
          });
        }
        found.forEach(function (file) {
          if (!scores.has(file)) { scores.set(file, new Map()); }
          scores.get(file).set(word, Math.max(score, scores.get(file).get(word) || 0));
        });
      });
    });
    var results = [];
    scores.forEach(function (words, file) {
      if (Array.from(searched).some(function (word) { return word.length > 2 && !words.has(word); })) { return; }
      var score = Math.max.apply(null, Array.from(words.values()));
      results.push([index.docnames[file], index.titles[file], "", null, score, index.filenames[file]]);
    });
    return results;
  };
})();
