PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE proposal (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, title TEXT NOT NULL, campaign INTEGER NOT NULL,
  lr REAL NOT NULL, batch INTEGER NOT NULL, depth INTEGER NOT NULL, dropout REAL NOT NULL);
CREATE TABLE critique (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, proposal INTEGER NOT NULL REFERENCES proposal,
  verdict TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX critique_proposal ON critique (proposal);
CREATE TABLE run (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, proposal INTEGER NOT NULL REFERENCES proposal,
  seed INTEGER NOT NULL, status TEXT NOT NULL);
CREATE INDEX run_proposal ON run (proposal);
CREATE TABLE eval (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, run INTEGER NOT NULL REFERENCES run,
  metric TEXT NOT NULL, value REAL NOT NULL);
CREATE INDEX eval_run ON eval (run);
CREATE INDEX eval_metric ON eval (metric, value);
CREATE TABLE derived_from (
  child INTEGER NOT NULL, parent INTEGER NOT NULL, PRIMARY KEY (child, parent)) WITHOUT ROWID;
CREATE INDEX derived_parent ON derived_from (parent);
CREATE TABLE request (
  id BLOB PRIMARY KEY, tx INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  reason TEXT NOT NULL) WITHOUT ROWID;
