/* page_style.c - see page_style.h */
#include "replay/page_style.h"

#include <math.h>
#include <stddef.h>

#define CONTRAST_LEAST 4.5

/* The 16 named colours, for a dark background. */
static const uint32_t named[16] = {
	0x3b3d48, 0xf2777a, 0x8ccf7e, 0xe5c76b, 0x7aa8f0, 0xc792ea, 0x5fd0d8, 0xd4d4d8,
	0x8b8f9b, 0xff9ea0, 0xa8e6a0, 0xffe08a, 0xa3c4ff, 0xdcb4f5, 0x93e8ee, 0xffffff,
};

/* The 256 colours of xterm: 16 named, a cube of 6 steps a side, 24 greys. */
static uint32_t indexed(uint32_t index)
{
	static const uint32_t steps[6] = { 0, 95, 135, 175, 215, 255 };
	uint32_t grey;

	if (index < 16)
		return named[index];
	if (index < 232) {
		index -= 16;
		return steps[index / 36] << 16 | steps[index / 6 % 6] << 8 | steps[index % 6];
	}
	grey = 8 + (index - 232) * 10;
	return grey << 16 | grey << 8 | grey;
}

static uint32_t resolve(uint32_t colour, uint32_t fallback)
{
	if (colour & SCREEN_RGB)
		return colour & 0xffffff;
	if (colour & SCREEN_INDEX)
		return indexed(colour & 0xff);
	return fallback;
}

static double linear(uint32_t channel)
{
	double part = channel / 255.0;

	return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1, "relative luminance" */
static double luminance(uint32_t colour)
{
	return 0.2126 * linear(colour >> 16 & 0xff) + 0.7152 * linear(colour >> 8 & 0xff) +
	       0.0722 * linear(colour & 0xff);
}

double page_style_contrast(uint32_t a, uint32_t b)
{
	double first = luminance(a), second = luminance(b);

	return first > second ? (first + 0.05) / (second + 0.05) : (second + 0.05) / (first + 0.05);
}

/* `tenths` of the way from one colour to another. */
static uint32_t mix(uint32_t from, uint32_t to, uint32_t tenths)
{
	uint32_t mixed = 0, shift;

	for (shift = 0; shift < 24; shift += 8)
		mixed |= ((from >> shift & 0xff) * (10 - tenths) + (to >> shift & 0xff) * tenths) /
				 10
			 << shift;
	return mixed;
}

static uint32_t readable(uint32_t foreground, uint32_t background)
{
	uint32_t white = 0xffffff, tenths;
	uint32_t away = page_style_contrast(white, background) >= CONTRAST_LEAST ? white : 0;

	for (tenths = 0; tenths < 10; tenths++)
		if (page_style_contrast(mix(foreground, away, tenths), background) >=
		    CONTRAST_LEAST)
			break;
	return mix(foreground, away, tenths);
}

void page_style_css(const struct screen_style *style, struct buf *out)
{
	uint32_t foreground = resolve(style->foreground, PAGE_STYLE_FOREGROUND);
	uint32_t background = resolve(style->background, PAGE_STYLE_BACKGROUND);
	unsigned attributes = style->attributes;

	if (attributes & SCREEN_REVERSE) {
		uint32_t swapped = foreground;

		foreground = background;
		background = swapped;
	}
	buf_add_format(out, "color:#%06x", readable(foreground, background));
	if (background != PAGE_STYLE_BACKGROUND)
		buf_add_format(out, ";background:#%06x", background);
	if (attributes & SCREEN_BOLD)
		buf_add_str(out, ";font-weight:700");
	if (attributes & SCREEN_ITALIC)
		buf_add_str(out, ";font-style:italic");
	if (attributes &
	    (SCREEN_UNDERLINE | SCREEN_UNDERLINE_DOUBLE | SCREEN_UNDERLINE_CURLY | SCREEN_STRIKE))
		buf_add_format(out, ";text-decoration:%s%s",
			       attributes & SCREEN_STRIKE ? "line-through " : "",
			       attributes & ~(unsigned)SCREEN_STRIKE &
					       (SCREEN_UNDERLINE | SCREEN_UNDERLINE_DOUBLE |
						SCREEN_UNDERLINE_CURLY)
				       ? "underline"
				       : "");
}
