/*
 * catalogue.h - what a dataset's owner says about its tables: a Frictionless datapackage.json with our fields
 * under "sluice". Loading it judges all of it; nothing is looked up later.
 *
 * Who calls: jobs (data import, policy, job run) and lint. Every key is told in docs/policy.md.
 */
#ifndef SL_POLICY_CATALOGUE_H
#define SL_POLICY_CATALOGUE_H

#include "enclave/pact/load.h"
#include "enclave/pact/plan.h"
#include "policy/note.h"

#define SL_CATALOGUE_BYTES_MAX (4u << 20)
#define SL_CAT_NOT_LOADED UINT16_MAX

/* One column. column.labels are what is printed, texts[] what stands in the source, same index. */
struct sl_cat_field {
	struct sl_column column; /* as a view shows it; uses are the catalogue's */
	char *description;       /* "" : none */
	uint8_t level;           /* 1 to 4; 0: not said */
	uint8_t is_unit;         /* the privacy unit: never in a view */
	char *domain;            /* "dataset.table" whose keys are the domain; NULL: none */
	struct sl_label *texts;  /* TEXT: source texts of the domain; BOOLEAN: {false text, true text} or none */
	uint32_t ntexts;
	char *date_format;        /* DATE; "" : %Y-%m-%d */
	struct sl_label *missing; /* source texts that mean missing, besides the empty one */
	uint32_t nmissing;
	uint16_t
		load_column; /* index in sl_load_setup.columns and in the segment: the unit is 0, the rest in file order */
			     /* SL_CAT_NOT_LOADED: text without a domain is never imported */
			     /* of a reference table: key, label, then attributes; those two are not counted here */
	uint32_t line, col; /* of the field in the file */
};

/*
 * What is public of a table from elsewhere: how many units each combination of some columns has, or all of it. Who
 * reads releases is taken to hold that number beside them (policy/public.h).
 */
#define SL_CAT_PUBLIC_MAX 8          /* of a table */
#define SL_CAT_PUBLIC_CELLS_MAX 10000 /* of one; the audit of history looks at each */
struct sl_cat_public {
	char *name;   /* "total", "by sex, region" where the catalogue gives none */
	char *source; /* where it stands: "" : not said */
	uint16_t by[SL_KEYS_MAX]; /* fields[] of the table, with a finite domain */
	uint32_t nby; /* 0: of the whole table */
};

struct sl_cat_table {
	char *name;   /* "dataset.table" */
	char *path;   /* relative, below the catalogue's folder */
	uint8_t gzip; /* path ends in .csv.gz */
	uint8_t delimiter;
	char *title, *description;
	char *period; /* what time its rows speak of; "" : not said */
	char *rhythm; /* how often it is imported, an ISO 8601 duration (policy/rhythm.h); "" : not said */
	char *owner;
	uint8_t class_;         /* enum sl_class */
	uint8_t owner_approval; /* an owner approves what leaves; where nothing is said: of a confidential table */
	uint8_t quality_is_open; /* bands of what is missing are for everybody; else for nobody but who has the rows */
	uint8_t says_joins;     /* joins is the whole list; else its class says with what it may be joined */
	char **joins;           /* "dataset.table" or "dataset.*" */
	uint32_t njoins;
	char *space;       /* unit space; "" : an open reference table */
	char *unit_column; /* "" : an open reference table */
	uint8_t one_row_per_unit;
	char *reference_key, *reference_label; /* open reference table: its two columns; NULL otherwise */
	uint16_t nattributes;                  /* of a reference table: columns with a use, for lookup */
	struct sl_cat_field *fields;
	uint32_t nfields;
	struct sl_cat_public *publics;
	uint32_t npublics;
	uint32_t line, col; /* of the resource in the file */
};

struct sl_catalogue {
	char *file; /* as given to load; for messages */
	char *dataset;
	char *title;
	uint8_t sha256[32]; /* of the file: set by the caller, who can hash; zero agrees with no policy */
	struct sl_cat_table *tables;
	uint32_t ntables;
	struct sl_notes notes; /* lint: what is allowed but unwise */
};

/* Rows of an imported open reference table, in the order that gave the codes. Borrowed. */
struct sl_reference {
	const char *table; /* "dataset.table" */
	const struct sl_reference_row *rows;
	uint32_t nrows;
};

struct sl_references {
	const struct sl_reference *items;
	uint32_t nitems;
};

/*
 * sl_catalogue_load - read a catalogue.
 *   file  in   its name, for messages
 *   text  in   len bytes, borrowed
 *   out   out  caller's storage, any content; free with sl_catalogue_free. Zeroed on failure.
 * Fails: SL_E_INPUT with file, line and column of the first fault; SL_E_LIMIT; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_catalogue_load(const char *file, const void *text, size_t len, struct sl_catalogue *out,
                                           struct sl_err *err);
void sl_catalogue_free(struct sl_catalogue *cat);

/* sl_catalogue_table - by "dataset.table"; NULL: none. sl_catalogue_field - by column name. Borrowed from cat. */
const struct sl_cat_table *sl_catalogue_table(const struct sl_catalogue *cat, const char *name);
const struct sl_cat_field *sl_catalogue_field(const struct sl_cat_table *table, const char *name);

/*
 * sl_catalogue_load_setup - what sluice-load must know of a table: format, delimiter, one_row_per_unit, reference
 * and the columns (unit first; a reference table: key, label, attributes). Everything else in *out is zero and the
 * caller's to fill (segment, keys, counts). Free with sl_codec_free(&sl_load_setup_record, out).
 * Fails: SL_E_INPUT when a reference table that is a domain is not in refs (remedy: import it first); SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_catalogue_load_setup(const struct sl_cat_table *table, const struct sl_references *refs,
                                                 struct sl_load_setup *out, struct sl_err *err);

/*
 * sl_catalogue_view_column - deep copy of a column as a view shows it, with uses ∩ `uses`; labels of a
 * reference domain come from refs. *out any content; free with sl_codec_free(&sl_column_record, out).
 * sl_catalogue_view_table - name, space, unit column, class; columns empty. sl_catalogue_view_cells - of a reference
 * table in refs, the cells of the attributes that out->columns show, which are fields[]; frees with out.
 * Fails: as load_setup.
 */
SL_MUST_CHECK enum sl_rc sl_catalogue_view_column(const struct sl_cat_field *field, const struct sl_references *refs,
                                                  uint8_t uses, struct sl_column *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_catalogue_view_table(const struct sl_cat_table *table, struct sl_table *out,
                                                 struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_catalogue_view_cells(const struct sl_cat_table *table, const struct sl_references *refs,
                                                 const struct sl_cat_field *const *fields, struct sl_table *out,
                                                 struct sl_err *err);

/*
 * sl_catalogue_is_banded - whether groups of a column are its catalogue bands. sl_catalogue_public_cells - of a public
 * total, from what the view shows of its columns; 0: one of them has no finite domain. Saturates.
 */
bool sl_catalogue_is_banded(const struct sl_column *c);
uint64_t sl_catalogue_public_cells(const struct sl_cat_table *table, const struct sl_cat_public *p);

/* sl_class_name - "open", "on_application", "confidential"; "none". */
const char *sl_class_name(enum sl_class class_);

#endif
