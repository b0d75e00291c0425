/* fold.c - see fold.h. */
#include "jobs/fold.h"

#include "enclave/base/text.h"

static const struct {
	uint16_t from, to, more; /* to 0: nothing is left of it; more 0: one letter is */
} folds[] = {
#include "jobs/fold_table.h"
};

#define NFOLDS (sizeof folds / sizeof folds[0])

static size_t put(uint32_t c, char out[static 4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* One letter folded: 0 to 8 bytes. */
static size_t fold_one(uint32_t c, char out[static 8])
{
	size_t lo = 0, hi = NFOLDS, n = 0;

	if (c < 0x80) {
		out[0] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		return 1;
	}
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (folds[mid].from < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == NFOLDS || folds[lo].from != c)
		return put(c, out);
	if (folds[lo].to != 0)
		n += put(folds[lo].to, out);
	if (folds[lo].more != 0)
		n += put(folds[lo].more, out + n);
	return n;
}

void sl_fold_text(struct sl_buf *out, const char *s, size_t len)
{
	const char *end = s + len;
	char bytes[8];

	while (s < end) {
		uint32_t c = sl_text_next(&s, end);
		sl_buf_put(out, bytes, fold_one(c, bytes));
	}
}

size_t sl_fold_origin(const char *s, size_t len, size_t at)
{
	const char *p = s, *end = s + len;
	char bytes[8];
	size_t done = 0;

	while (p < end) {
		const char *letter = p;
		done += fold_one(sl_text_next(&p, end), bytes);
		if (done > at)
			return (size_t)(letter - s);
	}
	return len;
}
