declare const url = "postgres://db/x";
