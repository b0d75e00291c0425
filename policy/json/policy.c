/* policy.c - see policy.h: the file as a whole. */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "policy/json/policy_read.h"
#include "policy/transform.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const policy_keys[] = {
	"sluice_policy", "enclave",    "serial", "description", "officers_needed", "people",
	"catalogues",    "disclosure", "limits", "requires",    "refresh_on",
	"projects",      "exceptions", "reviews",
};
static const char *const requires_keys[] = { "layers" };

static enum sl_rc read_layers(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, requires_keys, COUNT(requires_keys), err);

	if (rc != SL_OK || !sl_json_opt(at, "layers", &m))
		return rc;
	rc = sl_json_is_array(&m, 64, err);
	if (rc != SL_OK)
		return rc;
	p->layers = sl_json_calloc(json_array_size(m.value), sizeof *p->layers, err);
	if (p->layers == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < json_array_size(m.value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(&m, i);
		rc = sl_json_name(&item, &p->layers[i], err);
		if (rc == SL_OK)
			p->nlayers++;
	}
	return rc;
}

static enum sl_rc read_head(const struct sl_json_at *root, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	char *description = NULL;
	uint64_t n = 1;
	enum sl_rc rc = sl_json_get(root, "sluice_policy", &m, err);

	if (rc == SL_OK)
		rc = sl_json_u64(&m, 1, 1, &n, err);
	if (rc == SL_OK)
		rc = sl_json_get(root, "enclave", &m, err);
	if (rc == SL_OK)
		rc = sl_json_name(&m, &p->enclave, err);
	if (rc == SL_OK)
		rc = sl_json_get(root, "serial", &m, err);
	if (rc == SL_OK)
		rc = sl_json_u64(&m, 1, INT64_MAX, &p->serial, err);
	if (rc == SL_OK && sl_json_opt(root, "description", &m))
		rc = sl_json_text(&m, SL_TITLE_BYTES * 8, true, &description, err);
	if (rc == SL_OK && sl_json_opt(root, "officers_needed", &m))
		rc = sl_json_u64(&m, 1, 10, &n, err);
	p->officers_needed = (uint32_t)n;
	free(description);
	return rc;
}

static enum sl_rc read_body(const struct sl_json_at *root, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_get(root, "people", &m, err);

	if (rc == SL_OK)
		rc = sl_policy_read_people(&m, p, err);
	if (rc == SL_OK && sl_json_opt(root, "exceptions", &m))
		rc = sl_policy_read_exceptions(&m, p, err);
	if (rc == SL_OK)
		rc = sl_json_get(root, "catalogues", &m, err);
	if (rc == SL_OK)
		rc = sl_policy_read_pins(&m, p, err);
	if (rc == SL_OK)
		rc = sl_json_get(root, "disclosure", &m, err);
	if (rc == SL_OK)
		rc = sl_policy_read_disclosure(&m, p, err);
	if (rc == SL_OK)
		rc = sl_policy_read_limits(sl_json_opt(root, "limits", &m) ? &m : NULL, p, err);
	p->limits.draws = sl_transform_draws(&p->rules);
	if (rc == SL_OK && sl_json_opt(root, "requires", &m))
		rc = read_layers(&m, p, err);
	if (rc == SL_OK && sl_json_opt(root, "refresh_on", &m))
		rc = sl_policy_read_refresh_days(&m, p, err);
	p->reviews.unseen_max = SL_UNSEEN_REQUESTS_USUAL;
	p->reviews.unseen_jobs_max = SL_UNSEEN_JOBS_USUAL;
	if (rc == SL_OK && sl_json_opt(root, "reviews", &m))
		rc = sl_policy_read_reviews(&m, p, err);
	if (rc == SL_OK)
		rc = sl_json_get(root, "projects", &m, err);
	if (rc == SL_OK)
		rc = sl_policy_read_projects(&m, p, err);
	return rc;
}

static enum sl_rc load(const char *file, const void *text, size_t len, bool with_places, struct sl_policy *out,
                       struct sl_err *err)
{
	struct sl_json_doc doc = { 0 };
	enum sl_rc rc;

	memset(out, 0, sizeof *out);
	out->file = strdup(file);
	if (out->file == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_json_open(file, text, len, SL_POLICY_BYTES_MAX, &doc, err);
	doc.without_places = !with_places;
	if (rc == SL_OK) {
		struct sl_json_at root = sl_json_root(&doc);
		rc = sl_json_keys(&root, policy_keys, COUNT(policy_keys), err);
		if (rc == SL_OK)
			rc = read_head(&root, out, err);
		if (rc == SL_OK)
			rc = read_body(&root, out, err);
	}
	sl_json_close(&doc);
	if (rc == SL_OK) {
		sl_policy_lint_people(out);
		sl_policy_lint_projects(out);
		if (out->notes.failed)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	if (rc != SL_OK)
		sl_policy_free(out);
	return rc;
}

enum sl_rc sl_policy_load(const char *file, const void *text, size_t len, struct sl_policy *out, struct sl_err *err)
{
	return load(file, text, len, true, out, err);
}

enum sl_rc sl_policy_load_stored(const char *file, const void *text, size_t len, struct sl_policy *out,
                                 struct sl_err *err)
{
	return load(file, text, len, false, out, err);
}
