// The map, only on pages that have one.
import "./map-pin.js";
