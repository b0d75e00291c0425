/* fold.c - see fold.h. */
#include "jobs/fold.h"

#include "enclave/base/text.h"

static const struct {
	uint16_t from, to, more; /* to 0: nothing is left of it; more 0: one letter is */
} folds[] = {
#include "jobs/fold_table.h"
};

#define NFOLDS (sizeof folds / sizeof folds[0])

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
		return sl_text_put(c, out);
	if (folds[lo].to != 0)
		n += sl_text_put(folds[lo].to, out);
	if (folds[lo].more != 0)
		n += sl_text_put(folds[lo].more, out + n);
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
