/*
 * tar.c - writes POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"). Called by release get in a session.
 */
#include "ui-cli/tar.h"

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512
#define NAME_BYTES 100
#define SIZE_MAX_BYTES ((off_t)1 << 33) /* 11 octal digits */

struct header {
	char name[NAME_BYTES], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6],
		version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static enum sl_rc put_header(const char *name, bool directory, off_t size, FILE *out, struct sl_err *err)
{
	struct header h = {0};
	unsigned sum = 0;

	if (strlen(name) >= NAME_BYTES)
		return sl_err_set(err, SL_E_INPUT, "\"%s\" is too long a name for the archive", name);
	if (size >= SIZE_MAX_BYTES)
		return sl_err_set(err, SL_E_LIMIT, "\"%s\" is too large for the archive", name);
	memcpy(h.name, name, strlen(name));
	memcpy(h.mode, directory ? "0000755" : "0000644", 8);
	memcpy(h.uid, "0000000", 8);
	memcpy(h.gid, "0000000", 8);
	snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)size);
	memcpy(h.mtime, "00000000000", 12);
	h.type = directory ? '5' : '0';
	memcpy(h.magic, "ustar", 6);
	memcpy(h.version, "00", 2);
	memset(h.checksum, ' ', sizeof h.checksum);
	for (size_t i = 0; i < sizeof h; i++)
		sum += ((const unsigned char *)&h)[i];
	snprintf(h.checksum, sizeof h.checksum, "%06o", sum & 0777777u);
	return fwrite(&h, 1, sizeof h, out) == sizeof h ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot write");
}

static enum sl_rc put_file(const char *path, off_t size, FILE *out, struct sl_err *err)
{
	static const char zeroes[BLOCK];
	FILE *in = fopen(path, "re");
	off_t left = size;
	enum sl_rc rc = SL_OK;
	char piece[8192];

	if (!in)
		return sl_err_errno(err, SL_E_IO, errno, "cannot open \"%s\"", path);
	while (left && !rc) {
		size_t want = left < (off_t)sizeof piece ? (size_t)left : sizeof piece;
		size_t n = fread(piece, 1, want, in);

		if (n != want)
			rc = sl_err_set(err, SL_E_IO, "\"%s\" is shorter than it was", path);
		else if (fwrite(piece, 1, n, out) != n)
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot write");
		left -= (off_t)n;
	}
	fclose(in);
	if (!rc && size % BLOCK) {
		size_t pad = (size_t)(BLOCK - size % BLOCK);

		rc = fwrite(zeroes, 1, pad, out) == pad ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot write");
	}
	return rc;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum sl_rc put_entry(const FTSENT *entry, size_t root_bytes, const char *name, FILE *out, struct sl_err *err)
{
	char path[NAME_BYTES + 1];
	bool directory = entry->fts_info == FTS_D;
	int len = snprintf(path, sizeof path, "%s%s%s", name, entry->fts_path + root_bytes, directory ? "/" : "");
	enum sl_rc rc;

	if (entry->fts_info == FTS_DP)
		return SL_OK;
	if (!directory && entry->fts_info != FTS_F)
		return sl_err_set(err, SL_E_INPUT, "\"%s\" is no file that belongs there", entry->fts_path);
	if (len < 0 || (size_t)len >= sizeof path)
		return sl_err_set(err, SL_E_INPUT, "\"%s\" is too long a name for the archive", entry->fts_path);
	rc = put_header(path, directory, directory ? 0 : entry->fts_statp->st_size, out, err);
	return rc || directory ? rc : put_file(entry->fts_accpath, entry->fts_statp->st_size, out, err);
}

enum sl_rc sl_tar_write(const char *root, const char *name, FILE *out, struct sl_err *err)
{
	static const char end[2 * BLOCK];
	char *roots[] = {(char *)(uintptr_t)root, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	enum sl_rc rc = SL_OK;
	FTSENT *entry;

	if (!walk)
		return sl_err_errno(err, SL_E_IO, errno, "cannot read \"%s\"", root);
	errno = 0;
	while (!rc && (entry = fts_read(walk)))
		rc = put_entry(entry, strlen(root), name, out, err);
	if (!rc && errno)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot read \"%s\"", root);
	fts_close(walk);
	if (!rc && fwrite(end, 1, sizeof end, out) != sizeof end)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot write");
	return rc;
}

void sl_tar_remove(const char *root)
{
	char *roots[] = {(char *)(uintptr_t)root, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (walk && (entry = fts_read(walk))) {
		if (entry->fts_info == FTS_DP)
			rmdir(entry->fts_accpath);
		else if (entry->fts_info != FTS_D)
			unlink(entry->fts_accpath);
	}
	if (walk)
		fts_close(walk);
}
