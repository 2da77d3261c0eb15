/* page_style.h - a terminal's style as CSS that is readable on the page's dark terminal
 *
 * Text has a contrast of at least 4.5 to what is behind it (WCAG 2.1, 1.4.3), whatever the program
 * asked for: a colour too close is moved towards white or black. */
#ifndef TALI_PAGE_STYLE_H
#define TALI_PAGE_STYLE_H

#include "journal/screen.h"

#include <stdint.h>

#define PAGE_STYLE_FOREGROUND 0xe4e4e7u	/* the same in share/web/replay.css */
#define PAGE_STYLE_BACKGROUND 0x15161bu

/* Appends the declarations, as "color:#rrggbb;font-weight:700". */
void page_style_css(const struct screen_style *style, struct buf *out);

/* Contrast of two colours 0xrrggbb: 1 to 21. */
double page_style_contrast(uint32_t a, uint32_t b);

#endif
