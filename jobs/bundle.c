/* bundle.c - files in memory, in order; and the three that follow from the others. */
#include "jobs/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "jobs/request_open.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/dsse.h"

void sl_bundle_free(struct sl_bundle *b)
{
	sl_release_files_free(b->files, b->nfiles);
	memset(b, 0, sizeof *b);
}

const struct sl_release_file *sl_bundle_find(const struct sl_bundle *b, const char *path)
{
	for (uint32_t i = 0; i < b->nfiles; i++)
		if (strcmp(b->files[i].path, path) == 0)
			return &b->files[i];
	return NULL;
}

enum sl_rc sl_bundle_add(struct sl_bundle *b, const char *path, const void *data, size_t len, struct sl_err *err)
{
	struct sl_release_file f = { 0 };
	struct sl_release_file *more;
	uint32_t at = 0;
	enum sl_rc rc;

	if (b->nfiles >= SL_BUNDLE_FILES_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a bundle has at most %d files", SL_BUNDLE_FILES_MAX);
	if (sl_bundle_find(b, path) != NULL)
		return sl_err_set(err, SL_E_BUG, "%s is in the bundle twice", path);
	sl_buf_put(&f.bytes, data, len);
	rc = sl_buf_ok(&f.bytes, path, err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(data, len, f.sha256, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(path, &f.path, err);
	if (rc == SL_OK && (more = realloc(b->files, (b->nfiles + 1u) * sizeof *more)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc != SL_OK) {
		free(f.path);
		sl_buf_free(&f.bytes);
		return rc;
	}
	b->files = more;
	while (at < b->nfiles && strcmp(more[at].path, path) < 0)
		at++;
	memmove(&more[at + 1], &more[at], (b->nfiles - at) * sizeof *more);
	more[at] = f;
	b->nfiles++;
	return SL_OK;
}

bool sl_bundle_is_subject(const char *path)
{
	return strcmp(path, SL_BUNDLE_STATEMENT) != 0 && strcmp(path, SL_BUNDLE_PAE) != 0 &&
	       strcmp(path, SL_BUNDLE_SIG) != 0 && strcmp(path, SL_BUNDLE_SUMS) != 0;
}

enum sl_rc sl_bundle_pae(const void *payload, size_t len, struct sl_buf *out, struct sl_err *err)
{
	sl_dsse_pae(SL_DSSE_IN_TOTO, payload, len, out);
	return sl_buf_ok(out, SL_BUNDLE_PAE, err);
}

enum sl_rc sl_bundle_sig(const struct sl_release_file *envelope, struct sl_buf *out, struct sl_err *err)
{
	uint8_t sig[SL_ED25519_SIGNATURE_BYTES];
	json_t *v = NULL;
	size_t n = 0;
	enum sl_rc rc = sl_canon_read(SL_BUNDLE_STATEMENT, envelope->bytes.data, envelope->bytes.len, SL_DSSE_BYTES_MAX,
	                              &v, err);

	if (rc != SL_OK)
		return rc;
	const char *text = sl_pack_text(json_array_get(json_object_get(v, "signatures"), 0), "sig");
	if (!sl_base64_read(text, strlen(text), sig, sizeof sig, &n) || n != sizeof sig)
		rc = sl_err_set(err, SL_E_INPUT, "%s: no signature", SL_BUNDLE_STATEMENT);
	json_decref(v);
	sl_buf_put(out, sig, n);
	return rc == SL_OK ? sl_buf_ok(out, SL_BUNDLE_SIG, err) : rc;
}

enum sl_rc sl_bundle_sums(const struct sl_bundle *b, struct sl_buf *out, struct sl_err *err)
{
	char hex[65];

	for (uint32_t i = 0; i < b->nfiles; i++) {
		if (strcmp(b->files[i].path, SL_BUNDLE_SUMS) == 0)
			continue;
		sl_text_hex(b->files[i].sha256, 32, hex);
		sl_buf_printf(out, "%s  %s\n", hex, b->files[i].path);
	}
	return sl_buf_ok(out, SL_BUNDLE_SUMS, err);
}
