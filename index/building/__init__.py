"""Changes a data folder: adds and removes statements, rebuilds and checks it."""
