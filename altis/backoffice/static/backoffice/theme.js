"use strict";

// htmx would add a style sheet of its own to the page, which the content security policy refuses.
htmx.config.includeIndicatorStyles = false;
