/* ai_guard.c - see ai_guard.h
 *
 * One scanner reads characters and never goes back: it hashes the word that it is in, keeps the
 * hashes of the last words, and the last letters and digits without gaps for the canaries. So it
 * makes no difference where a text is split. */
#include "ai/ai_guard.h"

#include "base/auto.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HELD_MAX ((size_t)1 << 20)	/* bytes; reached only by characters without width */
#define DISTINCT_MIN 3			/* words of a shingle */
#define FNV_START 14695981039346656037u
#define FNV_TIMES 1099511628211u

/* --- normalising */

enum letter { LETTER_NONE, LETTER_GAP, LETTER_INVISIBLE, LETTER_PLAIN };

/* Ranges of what has no width: soft hyphen, joiners, marks of direction, variation selectors. */
static const uint32_t invisible[][2] = {
	{ 0xad, 0xad },	    { 0x34f, 0x34f },	{ 0x61c, 0x61c },   { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x202a, 0x202e },
	{ 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff9, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0xe0000, 0xe0fff },
	{ 0x300, 0x36f },
};

/* Forms of letters and digits that run as their plain ones do: first, last, first plain one. */
static const uint32_t forms[][3] = {
	{ 0xff10, 0xff19, '0' },   { 0xff21, 0xff3a, 'a' },   { 0xff41, 0xff5a, 'a' },
	{ 0x2460, 0x2468, '1' },   { 0x24b6, 0x24cf, 'a' },   { 0x24d0, 0x24e9, 'a' },
	{ 0x2080, 0x2089, '0' },   { 0x2074, 0x2079, '4' },   { 0x1f130, 0x1f149, 'a' },
	{ 0xb2, 0xb3, '2' },	   { 0xb9, 0xb9, '1' },	      { 0x2070, 0x2070, '0' },
	{ 0xaa, 0xaa, 'a' },	   { 0xba, 0xba, 'o' },	      { 0x212a, 0x212a, 'k' },
	{ 0x17f, 0x17f, 's' },
};

/* What is neither letter nor digit beyond ASCII: punctuation, blanks, arrows, lines, symbols. */
static const uint32_t gaps[][2] = {
	{ 0x80, 0xa9 },	    { 0xab, 0xb1 },	{ 0xb4, 0xb4 },	    { 0xb6, 0xb8 },
	{ 0xbb, 0xbf },	    { 0xd7, 0xd7 },	{ 0xf7, 0xf7 },	    { 0x1680, 0x1680 },
	{ 0x2000, 0x206f }, { 0x20a0, 0x20ff }, { 0x2190, 0x245f }, { 0x2500, 0x2bff },
	{ 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0xff00, 0xff0f }, { 0xff1a, 0xff20 },
	{ 0xff3b, 0xff40 }, { 0xff5b, 0xff65 }, { 0xfffd, 0xfffd },
};

static bool is_between(uint32_t character, const uint32_t range[2])
{
	return character >= range[0] && character <= range[1];
}

/* Letters of alphabets made of mathematics: 52 in a row, capitals first, then digits by ten. */
static uint32_t mathematical(uint32_t character)
{
	if (character >= 0x1d400 && character <= 0x1d6a3)
		return 'a' + (character - 0x1d400) % 52 % 26;
	if (character >= 0x1d7ce && character <= 0x1d7ff)
		return '0' + (character - 0x1d7ce) % 10;
	return character;
}

/* Lower case where it is regular: Latin, Greek, Cyrillic. */
static uint32_t lower(uint32_t character)
{
	if (character >= 'A' && character <= 'Z')
		return character + 32;
	if ((character >= 0xc0 && character <= 0xde) ||
	    (character >= 0x391 && character <= 0x3a9) ||
	    (character >= 0x410 && character <= 0x42f))
		return character + 32;
	if (character >= 0x400 && character <= 0x40f)
		return character + 80;
	if (character >= 0x100 && character <= 0x137)
		return character | 1;
	return character;
}

static enum letter normalise(uint32_t character, uint32_t *ret)
{
	*ret = character;
	if (character < 0x80) {
		*ret = lower(character);
		return (*ret >= 'a' && *ret <= 'z') || (*ret >= '0' && *ret <= '9') ?
			       LETTER_PLAIN : LETTER_GAP;
	}
	for (size_t i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
		if (is_between(character, invisible[i]))
			return LETTER_INVISIBLE;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (character >= forms[i][0] && character <= forms[i][1]) {
			*ret = character - forms[i][0] + forms[i][2];
			return LETTER_PLAIN;
		}
	}
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (is_between(character, gaps[i]))
			return LETTER_GAP;
	*ret = lower(mathematical(character));
	return LETTER_PLAIN;
}

/* --- the scanner */

struct scanner {
	uint64_t word;			/* hash of the word it is in; 0: in none */
	uint64_t words[AI_GUARD_SHINGLE];	/* a ring */
	size_t count, next;
	char tail[4 * AI_GUARD_CANARY_MAX];	/* letters and digits without gaps, as UTF-8 */
	size_t tail_len;
	bool in_gap;
};

/* Ligatures are the letters that they are made of. */
static size_t letters_of(uint32_t character, char bytes[4])
{
	static const char *const ligatures[] = { "ff", "fi", "fl", "ffi", "ffl", "st", "st" };

	if (character < 0xfb00 || character > 0xfb06)
		return utf8_encode(character, bytes);
	memcpy(bytes, ligatures[character - 0xfb00], 3);
	return strlen(ligatures[character - 0xfb00]);
}

static void add_letter(struct scanner *scanner, uint32_t character)
{
	char bytes[4];
	size_t len = letters_of(character, bytes);

	if (!scanner->word)
		scanner->word = FNV_START;
	for (size_t i = 0; i < len; i++)
		scanner->word = (scanner->word ^ (unsigned char)bytes[i]) * FNV_TIMES;
	if (scanner->tail_len + len > sizeof(scanner->tail)) {
		size_t half = sizeof(scanner->tail) / 2;

		memmove(scanner->tail, scanner->tail + scanner->tail_len - half, half);
		scanner->tail_len = half;
	}
	memcpy(scanner->tail + scanner->tail_len, bytes, len);
	scanner->tail_len += len;
}

/* Rows of the same few words, as in a list of zeros, say nothing. */
static bool are_few(const uint64_t *words)
{
	size_t distinct = 0;

	for (size_t i = 0; i < AI_GUARD_SHINGLE; i++) {
		size_t j = 0;

		while (j < i && words[j] != words[i])
			j++;
		distinct += j == i;
	}
	return distinct < DISTINCT_MIN;
}

/* The word has ended; true when the last words are a shingle, which is then in *ret. */
static bool end_word(struct scanner *scanner, uint64_t *ret)
{
	uint64_t hash = FNV_START;

	if (!scanner->word)
		return false;
	scanner->words[scanner->next] = scanner->word;
	scanner->next = (scanner->next + 1) % AI_GUARD_SHINGLE;
	scanner->word = 0;
	if (scanner->count < AI_GUARD_SHINGLE)
		scanner->count++;
	if (scanner->count < AI_GUARD_SHINGLE || are_few(scanner->words))
		return false;
	for (size_t i = 0; i < AI_GUARD_SHINGLE; i++) {
		uint64_t word = scanner->words[(scanner->next + i) % AI_GUARD_SHINGLE];

		for (int shift = 0; shift < 64; shift += 8)
			hash = (hash ^ ((word >> shift) & 0xff)) * FNV_TIMES;
	}
	*ret = hash;
	return true;
}

/* The character at `at`; bytes that are none become U+FFFD. */
static size_t read_character(const char *at, size_t len, uint32_t *ret)
{
	size_t size = utf8_char(at, len);

	*ret = size ? utf8_decode(at, size) : 0xfffd;
	return size ? size : 1;
}

/* --- the guard */

struct shingles {
	uint64_t *list;
	size_t count, size;
};

struct ai_guard {
	char **canaries;	/* letters and digits alone, in lower case */
	size_t canary_count;
	struct shingles secret, public;
};

struct ai_guard *ai_guard_new(void)
{
	return buf_alloc(sizeof(struct ai_guard));
}

void ai_guard_free(struct ai_guard **guard)
{
	if (!*guard)
		return;
	for (size_t i = 0; i < (*guard)->canary_count; i++)
		free((*guard)->canaries[i]);
	free((*guard)->canaries);
	free((*guard)->secret.list);
	free((*guard)->public.list);
	free(*guard);
	*guard = NULL;
}

bool ai_guard_add_canary(struct ai_guard *guard, const char *canary)
{
	struct buf plain = BUF_INIT(AI_GUARD_CANARY_MAX);
	size_t len = strlen(canary), step;

	for (size_t i = 0; i < len; i += step) {
		uint32_t character;
		char bytes[4];

		step = read_character(canary + i, len - i, &character);
		if (normalise(character, &character) == LETTER_PLAIN)
			buf_add(&plain, bytes, letters_of(character, bytes));
	}
	if (plain.full || plain.len < AI_GUARD_CANARY_MIN) {
		buf_release(&plain);
		return false;
	}
	guard->canaries = buf_realloc(guard->canaries, guard->canary_count + 1,
				      sizeof(*guard->canaries));
	guard->canaries[guard->canary_count++] = buf_take(&plain);
	return true;
}

static void add_shingles(struct shingles *shingles, const char *text, size_t len)
{
	struct scanner scanner = { 0 };
	size_t step;

	for (size_t i = 0; i <= len; i += step) {
		uint32_t character = ' ';
		uint64_t shingle;

		step = i < len ? read_character(text + i, len - i, &character) : 1;
		switch (normalise(character, &character)) {
		case LETTER_PLAIN:
			add_letter(&scanner, character);
			continue;
		case LETTER_GAP:
			break;
		default:
			continue;
		}
		if (!end_word(&scanner, &shingle))
			continue;
		if (shingles->count == shingles->size) {
			shingles->size = shingles->size ? 2 * shingles->size : 256;
			shingles->list = buf_realloc(shingles->list, shingles->size,
						     sizeof(*shingles->list));
		}
		shingles->list[shingles->count++] = shingle;
	}
}

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static bool has_shingle(const struct shingles *shingles, uint64_t shingle)
{
	return shingles->count && bsearch(&shingle, shingles->list, shingles->count,
					  sizeof(shingle), by_value);
}

static void add_text(struct shingles *shingles, const char *text, size_t len)
{
	add_shingles(shingles, text, len);
	if (shingles->count)
		qsort(shingles->list, shingles->count, sizeof(*shingles->list), by_value);
}

void ai_guard_add_secret(struct ai_guard *guard, const char *text, size_t len)
{
	add_text(&guard->secret, text, len);
}

void ai_guard_add_public(struct ai_guard *guard, const char *text, size_t len)
{
	add_text(&guard->public, text, len);
}

static bool ends_in_canary(const struct ai_guard *guard, const struct scanner *scanner)
{
	for (size_t i = 0; i < guard->canary_count; i++) {
		size_t len = strlen(guard->canaries[i]);

		if (len <= scanner->tail_len &&
		    memcmp(scanner->tail + scanner->tail_len - len, guard->canaries[i], len) == 0)
			return true;
	}
	return false;
}

/* Reads one character; true on a hit. *ret_counts: it counts as one that is held back. */
static bool scan(const struct ai_guard *guard, struct scanner *scanner, uint32_t character,
		 bool *ret_counts)
{
	enum letter letter = normalise(character, &character);
	uint64_t shingle;

	*ret_counts = letter == LETTER_PLAIN || (letter == LETTER_GAP && !scanner->in_gap);
	if (letter == LETTER_PLAIN) {
		scanner->in_gap = false;
		add_letter(scanner, character);
		return ends_in_canary(guard, scanner);
	}
	if (letter != LETTER_GAP)
		return false;
	scanner->in_gap = true;
	return end_word(scanner, &shingle) && has_shingle(&guard->secret, shingle) &&
	       !has_shingle(&guard->public, shingle);
}

bool ai_guard_hits(const struct ai_guard *guard, const char *text, size_t len)
{
	struct scanner scanner = { 0 };
	bool counts;
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		uint32_t character;

		step = read_character(text + i, len - i, &character);
		if (scan(guard, &scanner, character, &counts))
			return true;
	}
	return scan(guard, &scanner, ' ', &counts);
}

/* --- a stream */

struct ai_guard_stream {
	const struct ai_guard *guard;
	struct scanner scanner;
	struct buf held;	/* read and not shown; may end inside of a character */
	size_t scanned;		/* of them, in bytes */
	size_t count;		/* characters of them that count, among those scanned */
	bool in_gap;		/* what was shown last was a gap */
	bool hit;
};

struct ai_guard_stream *ai_guard_stream_new(const struct ai_guard *guard)
{
	struct ai_guard_stream *stream = buf_alloc(sizeof(*stream));

	stream->guard = guard;
	stream->held = (struct buf)BUF_INIT(SIZE_MAX / 4);
	return stream;
}

void ai_guard_stream_free(struct ai_guard_stream **stream)
{
	if (!*stream)
		return;
	buf_release(&(*stream)->held);
	free(*stream);
	*stream = NULL;
}

/* Scans what is held; an unfinished character at the end waits for its rest. */
static bool scan_held(struct ai_guard_stream *stream, bool at_end)
{
	while (stream->scanned < stream->held.len) {
		const char *at = stream->held.data + stream->scanned;
		size_t left = stream->held.len - stream->scanned;
		uint32_t character;
		bool counts;

		if (left < 4 && !utf8_char(at, left) && !at_end)
			return false;
		stream->scanned += read_character(at, left, &character);
		if (scan(stream->guard, &stream->scanner, character, &counts))
			return true;
		stream->count += counts;
	}
	return false;
}

/* Shows the first of what is held, until so many characters are left that count. */
static void show(struct ai_guard_stream *stream, size_t most, struct buf *out)
{
	size_t shown = 0;

	while (shown < stream->scanned && stream->count > most) {
		uint32_t character;
		enum letter letter;

		shown += read_character(stream->held.data + shown, stream->scanned - shown,
					&character);
		letter = normalise(character, &character);
		if (letter == LETTER_PLAIN || (letter == LETTER_GAP && !stream->in_gap))
			stream->count--;
		if (letter == LETTER_PLAIN || letter == LETTER_GAP)
			stream->in_gap = letter == LETTER_GAP;
	}
	buf_add(out, stream->held.data, shown);
	memmove(stream->held.data, stream->held.data + shown, stream->held.len - shown + 1);
	stream->held.len -= shown;
	stream->scanned -= shown;
}

bool ai_guard_stream_add(struct ai_guard_stream *stream, const char *text, size_t len,
			 struct buf *out)
{
	if (stream->hit)
		return false;
	if (!len)
		return true;
	buf_add(&stream->held, text, len);
	stream->hit = scan_held(stream, false);
	if (stream->hit)
		return false;
	show(stream, AI_GUARD_HOLD, out);
	stream->hit = stream->held.len > HELD_MAX;
	return !stream->hit;
}

bool ai_guard_stream_end(struct ai_guard_stream *stream, struct buf *out)
{
	bool counts;

	if (stream->hit)
		return false;
	stream->hit = scan_held(stream, true) ||
		      scan(stream->guard, &stream->scanner, ' ', &counts);
	if (stream->hit)
		return false;
	buf_add(out, buf_str(&stream->held), stream->held.len);
	buf_clear(&stream->held);
	stream->scanned = stream->count = 0;
	return true;
}
