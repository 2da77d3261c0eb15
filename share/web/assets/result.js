/* result.js - times of the reader */
import { localTimes } from "./dom.js";

localTimes();
