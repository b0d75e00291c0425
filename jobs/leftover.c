/* leftover.c - see leftover.h. What is being written is noted in the lock's own file. */
#include "jobs/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "jobs/store/table.h"

#define NOTED_MAX 4096 /* segments of one command; a catalogue has fewer tables */

enum sl_rc sl_leftover_note(int lock, const uint8_t segment_id[static 16], struct sl_err *err)
{
	const off_t end = lseek(lock, 0, SEEK_END);

	if (end < 0 || pwrite(lock, segment_id, SL_SEGMENT_ID_BYTES, end) != SL_SEGMENT_ID_BYTES || fdatasync(lock) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot note in vault/import.lock what is to be written");
	return SL_OK;
}

void sl_leftover_done(int lock)
{
	(void)!ftruncate(lock, 0);
}

static int compare_segments(const void *x, const void *y)
{
	return memcmp(x, y, SL_SEGMENT_ID_BYTES);
}

/* Both lists are ascending. */
static bool is_in(const struct sl_buf *segments, const uint8_t id[static 16])
{
	return segments->len > 0 && bsearch(id, segments->data, segments->len / SL_SEGMENT_ID_BYTES, SL_SEGMENT_ID_BYTES,
	                                    compare_segments) != NULL;
}

static enum sl_rc read_noted(int lock, struct sl_buf *out, struct sl_err *err)
{
	uint8_t id[SL_SEGMENT_ID_BYTES];

	for (off_t at = 0; at < (off_t)sizeof id * NOTED_MAX && pread(lock, id, sizeof id, at) == (ssize_t)sizeof id;
	     at += (off_t)sizeof id)
		sl_buf_put(out, id, sizeof id);
	if (out->len > 0)
		qsort(out->data, out->len / sizeof id, sizeof id, compare_segments);
	return sl_buf_ok(out, "segments", err);
}

/* "0123….seg". */
static bool read_name(const char *name, uint8_t id[static 16])
{
	char hex[2 * SL_SEGMENT_ID_BYTES + 1] = {0};

	if (strlen(name) != sizeof hex + 3 || strcmp(name + sizeof hex - 1, ".seg") != 0)
		return false;
	memcpy(hex, name, sizeof hex - 1);
	return sl_text_unhex(hex, id, SL_SEGMENT_ID_BYTES);
}

static enum sl_rc open_vault(struct sl_enclave *e, DIR **out, struct sl_err *err)
{
	char *vault = sl_enclave_path(e, "vault");
	enum sl_rc rc = vault != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	*out = vault != NULL ? opendir(vault) : NULL;
	if (rc == SL_OK && *out == NULL) {
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot read %s", vault);
		sl_err_remedy(err, "bring the folder back from a backup of the same time as state.db");
	}
	free(vault);
	return rc;
}

enum sl_rc sl_leftover_remove(struct sl_enclave *e, int lock, struct sl_buf *told, struct sl_err *err)
{
	struct sl_buf had = {0}, forgotten = {0}, noted = {0};
	uint8_t id[SL_SEGMENT_ID_BYTES];
	struct dirent *entry;
	DIR *d = NULL;
	enum sl_rc rc = open_vault(e, &d, err);

	if (rc == SL_OK)
		rc = sl_version_segments(&e->db, false, &had, err);
	if (rc == SL_OK)
		rc = sl_version_segments(&e->db, true, &forgotten, err);
	if (rc == SL_OK)
		rc = read_noted(lock, &noted, err);
	while (rc == SL_OK && (entry = readdir(d)) != NULL)
		if (read_name(entry->d_name, id) && !is_in(&had, id) && (is_in(&noted, id) || is_in(&forgotten, id)) &&
		    unlinkat(dirfd(d), entry->d_name, 0) == 0)
			sl_buf_text(told, "removed the rest of a data command that did not finish\n");
	if (rc == SL_OK && noted.len > 0)
		sl_leftover_done(lock);
	if (d != NULL)
		closedir(d);
	sl_buf_free(&had);
	sl_buf_free(&forgotten);
	sl_buf_free(&noted);
	return rc;
}

enum sl_rc sl_leftover_unknown(struct sl_enclave *e, uint32_t *n, char first[static 40], struct sl_err *err)
{
	struct sl_buf had = {0};
	uint8_t id[SL_SEGMENT_ID_BYTES];
	struct dirent *entry;
	DIR *d = NULL;
	enum sl_rc rc = open_vault(e, &d, err);

	*n = 0;
	if (rc == SL_OK)
		rc = sl_version_segments(&e->db, false, &had, err);
	while (rc == SL_OK && (entry = readdir(d)) != NULL)
		if (read_name(entry->d_name, id) && !is_in(&had, id) && (*n)++ == 0)
			(void)snprintf(first, 40, "%.36s", entry->d_name);
	if (d != NULL)
		closedir(d);
	sl_buf_free(&had);
	return rc;
}
