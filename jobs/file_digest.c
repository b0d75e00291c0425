/* file_digest.c - see file_digest.h. */
#include "jobs/file_digest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "enclave/vault/digest.h"

#define PIECE_BYTES ((size_t)1 << 20)

static enum sl_rc add_all(struct sl_sha256 *sha, uint8_t *piece, int fd, uint64_t bytes, const char *what,
                          struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint64_t at = 0; rc == SL_OK && at < bytes;) {
		size_t want = bytes - at < PIECE_BYTES ? (size_t)(bytes - at) : PIECE_BYTES;
		ssize_t n = pread(fd, piece, want, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(err, SL_E_IO, errno, "cannot read %s", what);
		if (n == 0)
			return sl_err_set(err, SL_E_INTEGRITY, "%s has %llu bytes where %llu were sealed", what,
			                  (unsigned long long)at, (unsigned long long)bytes);
		rc = sl_sha256_add(sha, piece, (size_t)n, err);
		at += (uint64_t)n;
	}
	return rc;
}

enum sl_rc sl_file_digest(int fd, uint64_t bytes, const char *what, uint8_t out[static 32], struct sl_err *err)
{
	struct sl_sha256 *sha = NULL;
	uint8_t *piece = malloc(PIECE_BYTES);
	enum sl_rc rc = piece != NULL ? sl_sha256_new(&sha, err) : sl_err_set(err, SL_E_NOMEM, "out of memory");

	if (rc == SL_OK)
		rc = add_all(sha, piece, fd, bytes, what, err);
	if (rc == SL_OK)
		rc = sl_sha256_end(sha, out, err);
	sl_sha256_free(sha);
	free(piece);
	return rc;
}
