/*
 * catalogue_read.h - inside policy/json only: the steps of loading a catalogue.
 */
#ifndef SL_POLICY_JSON_CATALOGUE_READ_H
#define SL_POLICY_JSON_CATALOGUE_READ_H

#include "policy/catalogue.h"
#include "policy/json/json.h"

#define SL_CAT_TABLES_MAX 200
#define SL_CAT_PATH_BYTES 512

/* What the steps share. */
struct sl_cat_reader {
	struct sl_catalogue *cat;
	struct sl_cat_table *table;       /* the one being read */
	const struct sl_json_at *missing; /* schema.missingValues; NULL: none */
};

/* sl_cat_read_text_or_empty - a member that is a text; absent: "". */
SL_MUST_CHECK enum sl_rc sl_cat_read_text_or_empty(const struct sl_json_at *at, const char *key, size_t max,
                                                   char **out, struct sl_err *err);
/* sl_cat_read_owner - member "sluice" of a table. */
SL_MUST_CHECK enum sl_rc sl_cat_read_owner(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err);
/* sl_cat_read_public - "public" of the same member, once the fields are read. */
SL_MUST_CHECK enum sl_rc sl_cat_read_public(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_err *err);
/* sl_cat_read_field - a field of the table; *f zeroed by the caller, freed with the catalogue. */
SL_MUST_CHECK enum sl_rc sl_cat_read_field(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_cat_field *f,
                                           struct sl_err *err);
/* sl_cat_read_bands - sluice.bands of a number or date; needs type, scale, lo and hi of the column. */
SL_MUST_CHECK enum sl_rc sl_cat_read_bands(const struct sl_json_at *at, struct sl_column *c, struct sl_err *err);
/* sl_cat_read_domain - constraints.enum, sluice.domain, labels, other; true and false values of a boolean. */
SL_MUST_CHECK enum sl_rc sl_cat_read_domain(const struct sl_json_at *field, struct sl_cat_field *f, struct sl_err *err);
/* sl_cat_read_grid - a number, or for a date the text YYYY-MM-DD, on the column's grid. */
SL_MUST_CHECK enum sl_rc sl_cat_read_grid(const struct sl_json_at *at, const struct sl_column *c, int64_t *out,
                                          struct sl_err *err);
#endif
