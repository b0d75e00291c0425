/* left.c - see left.h. */
#include "jobs/left.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/store/recovered.h"

static bool is_given(const int64_t *given, uint32_t n, int64_t id)
{
	for (uint32_t i = 0; i < n; i++)
		if (given[i] == id)
			return true;
	return false;
}

/* The folder is read before the state: a release that is made meanwhile is in both, or in neither. */
enum sl_rc sl_left_behind(struct sl_enclave *e, const int64_t *given, uint32_t ngiven, int64_t *release,
                          struct sl_err *err)
{
	char *path = sl_enclave_path(e, "releases");
	DIR *d = path != NULL ? opendir(path) : NULL;
	int64_t id, highest = 0, reached = 0;
	struct dirent *entry;
	enum sl_rc rc = path == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;

	*release = 0;
	if (rc == SL_OK && d == NULL && errno != ENOENT)
		rc = errno == ENOMEM ? sl_err_set(err, SL_E_NOMEM, "out of memory")
		                     : sl_err_errno(err, SL_E_IO, errno, "cannot read %s", path);
	while (rc == SL_OK && d != NULL && (errno = 0, entry = readdir(d)) != NULL) {
		const char *name = entry->d_name;
		if (name[0] == 'L' && name[1] == '-' && sl_parse_int(name + 2, strlen(name + 2), &id) && id > highest &&
		    !is_given(given, ngiven, id))
			highest = id;
	}
	if (rc == SL_OK && d != NULL && errno != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot read %s", path);
	if (rc == SL_OK)
		rc = sl_store_reached_release(&e->db, &reached, err);
	if (rc == SL_OK && highest > reached)
		*release = highest;
	if (d != NULL)
		(void)closedir(d);
	free(path);
	return rc;
}

enum sl_rc sl_left_check(struct sl_enclave *e, struct sl_err *err)
{
	int64_t release = 0;
	enum sl_rc rc = sl_left_behind(e, NULL, 0, &release, err);

	if (rc != SL_OK || release == 0)
		return rc;
	(void)sl_err_set(err, SL_E_INTEGRITY,
	                 "releases/L-%lld left, and the state knows of no such release: an older state.db was brought back",
	                 (long long)release);
	sl_err_remedy(err, "enter again what left since: sluice recover --release DIR, with each bundle");
	return SL_E_INTEGRITY;
}

enum sl_rc sl_left_is(const struct sl_bundle *b, int64_t release, const uint8_t publication[static 32],
                      struct sl_err *err)
{
	const struct sl_release_file *f = sl_bundle_find(b, "publication.json");

	if (f != NULL && memcmp(f->sha256, publication, sizeof f->sha256) == 0)
		return SL_OK;
	(void)sl_err_set(err, SL_E_INTEGRITY, "releases/L-%lld is the bundle of another release, from before a restore",
	                 (long long)release);
	sl_err_remedy(err, "an operator moves it elsewhere, and enters it: sluice recover --release DIR");
	return SL_E_INTEGRITY;
}
