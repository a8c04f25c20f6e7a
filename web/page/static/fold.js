// Folds text to a key to search with, and finds the way back from the key to the text.
"use strict";
shutten.fold = (() => {
  // A cluster is a sign with what combines with it, such as the half-width voicing marks of kana,
  // or the letters of one Korean syllable.
  const CLUSTER = /(?:[\u1100-\u115f][\u1160-\u11a7]+[\u11a8-\u11ff]*|[^])[\p{M}\uff9e\uff9f]*/gu;
  const INVISIBLE = /(?!\s)[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
  // A middle dot stands between words as a space does.
  const SPACE = /[\s\p{Z}\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65]/u;
  const SAME = [
    [/[\u2018-\u201b\u2032\u02b9\u02bc\u0060\u00b4]/gu, "'"],
    [/[\u201c-\u201f\u2033\u00ab\u00bb\u301d-\u301f]/gu, '"'],
    [/[\p{Pd}\u2043\u2212]/gu, "-"],
    [/[\u223c\u301c]/gu, "~"],
  ];
  // Written without spaces between words: Chinese and Japanese, with their punctuation.
  const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3001-\u303f\u30fc]/u;

  // The key of one cluster: empty if it is invisible, a space for white space. A text has few
  // different clusters, so their keys are kept.
  const keys = new Map();
  function plain(cluster) {
    if (!keys.has(cluster)) keys.set(cluster, SPACE.test(cluster[0]) ? " " : folded(cluster));
    return keys.get(cluster);
  }

  function folded(cluster) {
    let key = cluster.replace(INVISIBLE, "").normalize("NFKC");
    key = key.toUpperCase().toLowerCase().normalize("NFKC");
    for (const [signs, sign] of SAME) key = key.replace(signs, sign);
    return key;
  }

  // Whether a space is kept: not beside a sign of a script without spaces, not at either end, and
  // not after a hyphen within a word, where a line may have been broken.
  function spaced(before, after, twice) {
    if (!before || !after || UNSPACED.test(before) || UNSPACED.test(after)) return false;
    return !(before === "-" && /\p{L}/u.test(twice ?? ""));
  }

  // The key of a text. For each code unit of the key, `starts` and `ends` are the offsets in code
  // units of the cluster in the text that it comes from.
  return (text) => {
    const folding = { key: "", starts: [], ends: [] };
    const put = (key, start, end) => {
      folding.key += key;
      for (let count = key.length; count; count -= 1) { folding.starts.push(start); folding.ends.push(end); }
    };
    let gap = null; // where the last run of spaces stands
    let [last, earlier] = ["", ""]; // the last two signs of the key
    for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
      const end = index + cluster.length;
      const key = plain(cluster);
      if (key === " ") gap = [gap?.[0] ?? index, end];
      if (!key || key === " ") continue;
      const signs = [...key];
      if (gap && spaced(last, signs[0], earlier)) { put(" ", ...gap); earlier = last; last = " "; }
      put(key, index, end);
      [earlier, last] = signs.length > 1 ? signs.slice(-2) : [last, key];
      gap = null;
    }
    return folding;
  };
})();
