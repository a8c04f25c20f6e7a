CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE statements (
    id TEXT PRIMARY KEY,
    data BLOB NOT NULL,           -- the file, byte for byte
    encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,         -- the path it was added from
    provenance TEXT NOT NULL      -- JSON
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    statement TEXT NOT NULL REFERENCES statements(id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    marker TEXT NOT NULL,
    section INTEGER NOT NULL,
    number TEXT NOT NULL,         -- JSON
    parent TEXT,
    lead_in TEXT,
    embedding TEXT NOT NULL,      -- key of the passage read alone, see `embedding_key`
    introduced TEXT NOT NULL,     -- key of the passage read with its context, see `context_before`
    UNIQUE (statement, id)
);
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY,
    passage INTEGER NOT NULL REFERENCES passages(row),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    embedding TEXT NOT NULL,      -- key of the sentence read alone
    first_token INTEGER,          -- its first token among those of its passage with context
    last_token INTEGER,           -- one past its last token
    background REAL               -- mean MaxSim of these tokens over the background questions
);
CREATE INDEX sentences_of_passage ON sentences(passage);
CREATE TABLE cards (
    statement TEXT PRIMARY KEY REFERENCES statements(id),
    embedding TEXT NOT NULL       -- key of the card, see `card_text`
) WITHOUT ROWID;
CREATE TABLE background (         -- one row, see `BackgroundTokens`
    centre BLOB NOT NULL,         -- f32 (dimension,), the mean token vector
    languages BLOB NOT NULL,      -- f32 (n, dimension), directions in which languages differ
    tokens BLOB NOT NULL,         -- f16 (n, dimension), centred
    weights BLOB NOT NULL         -- f32 (n,), how much each token counts
);
CREATE TABLE embeddings (
    wording TEXT PRIMARY KEY,     -- the key, see `embedding_key`
    vector BLOB NOT NULL,         -- f32 (dimension,)
    tokens BLOB NOT NULL,         -- f16 (n, dimension), centred
    spans BLOB NOT NULL,          -- i32 (n, 2), code points of the text
    background REAL NOT NULL      -- mean MaxSim over the background questions
) WITHOUT ROWID;
CREATE VIRTUAL TABLE passage_words USING fts5(terms, tokenize = 'unicode61 remove_diacritics 0 categories ''L* N* M* Co''');
CREATE VIRTUAL TABLE passage_words_df USING fts5vocab(passage_words, row);
CREATE VIRTUAL TABLE sentence_words USING fts5(terms, tokenize = 'unicode61 remove_diacritics 0 categories ''L* N* M* Co''');
CREATE VIRTUAL TABLE sentence_words_df USING fts5vocab(sentence_words, row);
