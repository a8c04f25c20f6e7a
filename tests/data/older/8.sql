CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE statements (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    data BLOB NOT NULL,
    encoding TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,
    provenance TEXT NOT NULL,
    card BLOB,
    names TEXT
);
CREATE TABLE documents (
    statement INTEGER PRIMARY KEY REFERENCES statements(row),
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    reader TEXT NOT NULL,
    details BLOB NOT NULL,
    file BLOB
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    statement INTEGER NOT NULL REFERENCES statements(row),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    marker TEXT NOT NULL,
    section INTEGER NOT NULL,
    number TEXT NOT NULL,
    parent TEXT,
    lead_in TEXT,
    sentences BLOB NOT NULL,
    wording BLOB NOT NULL
);
CREATE INDEX passages_of_statement ON passages(statement);
CREATE INDEX passages_by_wording ON passages(wording);
CREATE TABLE segments (
    name TEXT PRIMARY KEY,
    first_row INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    size INTEGER NOT NULL,
    checksum TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE background (
    centre BLOB NOT NULL,
    languages BLOB NOT NULL,
    tokens BLOB NOT NULL,
    weights BLOB NOT NULL
);
