/* spill.c - see spill.h. */
#include "enclave/load/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"

static size_t block_bytes(const struct sl_spill *s)
{
	return (size_t)s->block_rows * s->row_bytes + SL_CIPHER_TAG_BYTES + SL_LAYOUT_SLACK;
}

enum sl_rc sl_spill_init(struct sl_spill *s, int fd, uint32_t row_bytes, struct sl_err *err)
{
	uint8_t key[SL_CIPHER_KEY_BYTES];
	enum sl_rc rc = sl_random(key, sizeof key, err);

	*s = (struct sl_spill){ .fd = fd, .row_bytes = row_bytes, .block_rows = SL_SPILL_BLOCK_BYTES / row_bytes };
	s->plain = malloc(block_bytes(s));
	if (rc == SL_OK && s->plain == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for the spill");
	if (rc == SL_OK)
		rc = sl_cipher_new(key, &s->cipher, err);
	explicit_bzero(key, sizeof key);
	return rc;
}

void sl_spill_fini(struct sl_spill *s)
{
	sl_cipher_free(s->cipher);
	free(s->runs);
	free(s->plain);
	*s = (struct sl_spill){ .fd = -1 };
}

static enum sl_rc write_all(struct sl_spill *s, const uint8_t *at, size_t len, struct sl_err *err)
{
	while (len > 0) {
		ssize_t n = write(s->fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sl_err_set(err, SL_E_IO, "rows that do not fit the memory cannot be put on disk: %s",
			                  n < 0 && errno == ENOSPC ? "the disk is full" : "the system refused");
		at += n;
		len -= (size_t)n;
		s->at += (uint64_t)n;
	}
	return SL_OK;
}

static void nonce_of(uint64_t block, uint8_t out[static SL_CIPHER_NONCE_BYTES])
{
	memset(out, 0, SL_CIPHER_NONCE_BYTES);
	memcpy(out, &block, sizeof block);
}

/* The rows that stand in s->plain. */
static enum sl_rc write_block(struct sl_spill *s, uint32_t rows, struct sl_err *err)
{
	uint8_t nonce[SL_CIPHER_NONCE_BYTES];
	size_t len = (size_t)rows * s->row_bytes;
	enum sl_rc rc;

	nonce_of(s->block++, nonce);
	rc = sl_cipher_seal(s->cipher, nonce, "", 0, s->plain, len, s->plain, s->plain + len, err);
	return rc == SL_OK ? write_all(s, s->plain, len + SL_CIPHER_TAG_BYTES, err) : rc;
}

enum sl_rc sl_spill_write(struct sl_spill *s, const struct sl_rows *rows, struct sl_err *err)
{
	struct sl_spill_run run = { .at = s->at, .block = s->block, .rows = rows->count };
	uint32_t n = 0;
	enum sl_rc rc = SL_OK;

	if (s->nruns == s->runs_cap) {
		uint32_t cap = 2 * s->runs_cap + 16;
		struct sl_spill_run *more = realloc(s->runs, cap * sizeof *more);

		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for the spill");
		s->runs = more;
		s->runs_cap = cap;
	}
	for (uint64_t i = 0; i < rows->count && rc == SL_OK; i++) {
		memcpy(s->plain + (size_t)n * s->row_bytes, sl_rows_at(rows, rows->order[i].row), s->row_bytes);
		if (++n < s->block_rows && i + 1 < rows->count)
			continue;
		rc = write_block(s, n, err);
		n = 0;
	}
	if (rc == SL_OK)
		s->runs[s->nruns++] = run;
	return rc;
}

static enum sl_rc read_block(struct sl_spill_stream *s, size_t len, struct sl_err *err)
{
	uint8_t nonce[SL_CIPHER_NONCE_BYTES];

	for (size_t have = 0; have < len + SL_CIPHER_TAG_BYTES;) {
		ssize_t n = pread(s->spill->fd, s->block + have, len + SL_CIPHER_TAG_BYTES - have,
		                  (off_t)(s->left.at + have));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sl_err_set(err, SL_E_IO, "rows put on disk cannot be read back: error %d", n < 0 ? errno : 0);
		have += (size_t)n;
	}
	nonce_of(s->left.block, nonce);
	if (sl_cipher_open(s->spill->cipher, nonce, "", 0, s->block, len, s->block + len, s->block, NULL) == SL_OK)
		return SL_OK;
	return sl_err_set(err, SL_E_INTEGRITY, "rows put on disk are not there as they were written");
}

static enum sl_rc next_of_run(struct sl_stream *base, struct sl_err *err)
{
	struct sl_spill_stream *s = (struct sl_spill_stream *)base;
	enum sl_rc rc = SL_OK;

	base->row = NULL;
	if (s->next_row == s->rows && s->left.rows > 0) {
		size_t len;

		s->rows = s->left.rows < s->spill->block_rows ? (uint32_t)s->left.rows : s->spill->block_rows;
		len = (size_t)s->rows * s->spill->row_bytes;
		rc = read_block(s, len, err);
		s->left.rows -= s->rows;
		s->left.at += len + SL_CIPHER_TAG_BYTES;
		s->left.block++;
		s->next_row = 0;
	}
	if (rc == SL_OK && s->next_row < s->rows)
		base->row = s->block + (size_t)s->next_row++ * s->spill->row_bytes;
	return rc;
}

enum sl_rc sl_spill_stream_init(struct sl_spill_stream *s, struct sl_spill *spill, uint32_t run, struct sl_err *err)
{
	*s = (struct sl_spill_stream){ .base = { .next = next_of_run }, .spill = spill, .left = spill->runs[run],
		.block = malloc(block_bytes(spill)) };
	return s->block != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for merging");
}

void sl_spill_stream_fini(struct sl_spill_stream *s)
{
	free(s->block);
	s->block = NULL;
}
