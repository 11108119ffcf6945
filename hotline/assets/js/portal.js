// The citizen's pages. Everything here is a convenience: each page works without it.
import "./find-option.js";
import "./photo-list.js";
import { confirm } from "./confirm.js";
import { guard } from "./guard.js";
import { lazy } from "./lazy.js";
import { preferences } from "./preferences.js";
import { ribbons } from "./ribbon.js";

preferences();
confirm();
guard();
lazy();
ribbons();
