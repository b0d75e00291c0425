/*
 * catalogue_bands.c - how the owner cuts a number or date.
 *
 * Cut points [18, 40, 65]: each band goes up to the next; the last is open at the top. Or objects {from, to, label}:
 * both ends belong to the band, except that `to` of a real number does not (bands of a continuous quantity touch).
 */
#include <stdlib.h>
#include <string.h>

#include "policy/json/catalogue_read.h"

static const char *const band_keys[] = { "from", "to", "label" };

static void put_value(struct sl_buf *out, const struct sl_column *c, int64_t v)
{
	char text[SL_DECIMAL_TEXT];

	if (c->type == SL_TYPE_DATE) {
		(void)sl_format_date(v, text);
	} else {
		size_t n = sl_format_decimal(v, c->scale, text);
		/* 18.50 is printed 18.5: cut points are short numbers. */
		while (c->scale > 0 && n > 1 && text[n - 1] == '0')
			text[--n] = '\0';
		if (n > 1 && text[n - 1] == '.')
			text[n - 1] = '\0';
	}
	sl_buf_text(out, text);
}

/* "18-39", "65+", "under 18", "[18.5,25)", "2020-01-01 to 2020-06-30". */
static enum sl_rc make_label(const struct sl_column *c, struct sl_band *b, struct sl_err *err)
{
	struct sl_buf t = { .max = SL_NAME_BYTES };
	bool real = c->type == SL_TYPE_REAL, words = c->type == SL_TYPE_DATE || b->lo < 0;
	bool low = b->lo != INT64_MIN, high = b->hi != INT64_MAX;

	if (!low && high) {
		sl_buf_text(&t, real ? "under " : "up to ");
		put_value(&t, c, real ? b->hi + 1 : b->hi);
	} else if (!high) {
		if (low)
			put_value(&t, c, b->lo);
		sl_buf_text(&t, !low ? "all" : c->type == SL_TYPE_DATE ? " and later" : "+");
	} else {
		sl_buf_text(&t, real ? "[" : "");
		put_value(&t, c, b->lo);
		if (real || b->lo != b->hi) {
			sl_buf_text(&t, real ? "," : words ? " to " : "-");
			put_value(&t, c, real ? b->hi + 1 : b->hi);
		}
		sl_buf_text(&t, real ? ")" : "");
	}
	const char *text = sl_buf_cstr(&t);
	b->label = text != NULL ? strdup(text) : NULL;
	sl_buf_free(&t);
	return b->label != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* A cut point: a value, or {from, label} where the band above it has a name of its own. */
static enum sl_rc read_cut(const struct sl_json_at *at, struct sl_column *c, struct sl_band *b, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc;

	b->hi = INT64_MAX;
	if (!json_is_object(at->value))
		return sl_cat_read_grid(at, c, &b->lo, err);
	rc = sl_json_keys(at, band_keys, sizeof band_keys / sizeof band_keys[0], err);
	if (rc == SL_OK && sl_json_opt(at, "to", &m))
		rc = sl_json_fault(&m, true, err, "among cut points a band ends where the next begins");
	if (rc == SL_OK)
		rc = sl_json_get(at, "from", &m, err);
	if (rc == SL_OK)
		rc = sl_cat_read_grid(&m, c, &b->lo, err);
	if (rc == SL_OK && sl_json_opt(at, "label", &m))
		rc = sl_json_text(&m, SL_NAME_BYTES, false, &b->label, err);
	return rc;
}

static enum sl_rc read_cuts(const struct sl_json_at *at, struct sl_column *c, struct sl_err *err)
{
	size_t n = json_array_size(at->value);
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < n && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(at, i);
		struct sl_band *b = &c->bands[i];
		c->nbands++;
		rc = read_cut(&item, c, b, err);
		if (rc == SL_OK && (b->lo == INT64_MIN || (i > 0 && b->lo <= c->bands[i - 1].lo)))
			rc = sl_json_fault(&item, false, err, "cut points rise");
		if (rc == SL_OK && i > 0)
			c->bands[i - 1].hi = b->lo - 1;
	}
	/* A last cut point above the maximum closes the band below it. */
	if (rc == SL_OK && n > 1 && c->bands[n - 1].lo > c->hi) {
		free(c->bands[n - 1].label);
		c->bands[n - 1].label = NULL;
		c->nbands--;
	}
	for (uint32_t i = 0; i < c->nbands && rc == SL_OK; i++)
		if (c->bands[i].label == NULL)
			rc = make_label(c, &c->bands[i], err);
	return rc;
}

static enum sl_rc read_band(const struct sl_json_at *at, struct sl_column *c, struct sl_band *b, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, band_keys, sizeof band_keys / sizeof band_keys[0], err);

	b->lo = INT64_MIN;
	b->hi = INT64_MAX;
	if (rc == SL_OK && sl_json_opt(at, "from", &m))
		rc = sl_cat_read_grid(&m, c, &b->lo, err);
	if (rc == SL_OK && sl_json_opt(at, "to", &m)) {
		rc = sl_cat_read_grid(&m, c, &b->hi, err);
		if (rc == SL_OK && c->type == SL_TYPE_REAL && b->hi > INT64_MIN)
			b->hi--;
	}
	if (rc == SL_OK && b->lo > b->hi)
		rc = sl_json_fault(at, false, err, "ends before it begins");
	if (rc != SL_OK)
		return rc;
	return sl_json_opt(at, "label", &m) ? sl_json_text(&m, SL_NAME_BYTES, false, &b->label, err)
	                                    : make_label(c, b, err);
}

static enum sl_rc read_objects(const struct sl_json_at *at, struct sl_column *c, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < json_array_size(at->value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(at, i);
		c->nbands++;
		rc = read_band(&item, c, &c->bands[i], err);
		if (rc == SL_OK && i > 0 && c->bands[i].lo <= c->bands[i - 1].hi)
			rc = sl_json_fault(&item, false, err, "bands rise and do not overlap");
	}
	return rc;
}

static enum sl_rc check_labels(const struct sl_json_at *at, const struct sl_column *c, struct sl_err *err)
{
	for (uint32_t i = 0; i < c->nbands; i++) {
		if (sl_label_is_ours(c->bands[i].label, strlen(c->bands[i].label)))
			return sl_json_fault(at, true, err, "\"%s\" is a label of ours", c->bands[i].label);
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(c->bands[i].label, c->bands[j].label) == 0)
				return sl_json_fault(at, true, err, "label \"%s\" twice", c->bands[i].label);
	}
	return SL_OK;
}

static bool all_objects(const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!json_is_object(json_array_get(array, i)))
			return false;
	return true;
}

enum sl_rc sl_cat_read_bands(const struct sl_json_at *at, struct sl_column *c, struct sl_err *err)
{
	enum sl_rc rc = sl_json_is_array(at, SL_BANDS_MAX, err);

	if (rc != SL_OK)
		return rc;
	if (c->type != SL_TYPE_INTEGER && c->type != SL_TYPE_REAL && c->type != SL_TYPE_DATE)
		return sl_json_fault(at, true, err, "only numbers and dates have bands");
	if (json_array_size(at->value) == 0)
		return sl_json_fault(at, false, err, "is empty");
	c->bands = sl_json_calloc(json_array_size(at->value), sizeof *c->bands, err);
	if (c->bands == NULL)
		return SL_E_NOMEM;
	rc = all_objects(at->value) ? read_objects(at, c, err) : read_cuts(at, c, err);
	return rc == SL_OK ? check_labels(at, c, err) : rc;
}
