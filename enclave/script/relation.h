/*
 * relation.h - what a script holds: an immutable value that says what would be computed, never data.
 *
 * Each verb copies its relation and changes the copy; the last one, output, makes a plan of it. Knows no Lua.
 */
#ifndef SL_SCRIPT_RELATION_H
#define SL_SCRIPT_RELATION_H

#include "enclave/script/parser.h"

#define SL_DEFS_MAX 64

/* A name made by derive. banded: expr pushes the one column whose bands it is. */
struct sl_def {
	char *name;
	uint8_t banded;
	uint8_t type;
	int8_t scale;
	struct sl_expr expr;
};

/* A column made by per_unit: fold `fold` of source `source`. */
struct sl_made {
	char *name;
	uint16_t source, fold;
	uint8_t type;
	int8_t scale;
};

/* A reference table that lookup brought: by view.tables[source's].columns[column], whose domain it is. */
struct sl_looked {
	uint16_t table;       /* of the view */
	uint16_t source, column;
};

/* Free with sl_codec_free(&sl_relation_record, …); copied with sl_codec_copy. */
struct sl_relation {
	struct sl_plan plan;  /* output, line and purpose empty until the end; inputs in order of first use */
	struct sl_def *defs;
	uint32_t ndefs;
	struct sl_made *made; /* by source, then fold */
	uint32_t nmade;
	struct sl_looked *looked; /* each table once */
	uint32_t nlooked;
};
extern const struct sl_record sl_relation_record;

/* A name and its text from a Lua table. */
struct sl_pair {
	const char *name, *text;
};

/* What a verb is called with. Everything is borrowed. */
struct sl_call {
	const struct sl_view *view;
	const char *text;                     /* where, from; join: its kind, NULL for inner */
	const struct sl_pair *pairs;          /* derive per_unit summarise calc describe; names have text only */
	size_t npairs;
	const struct sl_argument *arguments;  /* values of $names */
	size_t narguments;
	const struct sl_relation *other;      /* join */
	int64_t number;                       /* limit */
	uint32_t line;                        /* output */
	const char *culprit;                  /* out: the text the error is about; NULL: none */
};

/* How a verb's arguments look in Lua. */
enum sl_call_shape {
	SL_CALL_NONE = 0,
	SL_CALL_TEXT,      /* "text" [, {name = value}] */
	SL_CALL_PAIRS,     /* {name = "text"} [, {name = value}] */
	SL_CALL_NAMES,     /* "name", … */
	SL_CALL_RELATION,  /* relation [, "text"] */
	SL_CALL_NUMBER,    /* n */
};

/*
 * A verb. apply changes rel (a fresh copy of the relation it was called on); on failure rel is only good for
 * freeing. Fails: SL_E_INPUT with text and remedy, SL_E_DENIED with the rule id, SL_E_LIMIT, SL_E_NOMEM.
 */
struct sl_verb {
	const char *name;
	enum sl_call_shape shape;
	enum sl_rc (*apply)(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
	const char *usage;
};
extern const struct sl_verb sl_relation_verbs[];
extern const size_t sl_relation_nverbs;

/* sl_relation_from - the relation of table call->text. *out is zeroed on failure. */
SL_MUST_CHECK enum sl_rc sl_relation_from(struct sl_relation *out, struct sl_call *call, struct sl_err *err);

/*
 * sl_relation_output - the plan of rel under the name call->text, checked with sl_plan_check, unused inputs left
 * out. *out is the caller's to free with sl_codec_free(&sl_plan_record, …); zeroed on failure.
 */
SL_MUST_CHECK enum sl_rc sl_relation_output(const struct sl_relation *rel, struct sl_call *call, struct sl_plan *out,
                                            struct sl_err *err);

/* For the verbs: */

/*
 * sl_relation_scope - how rel's names resolve: definitions, then columns of its tables and of those looked up. self
 * must outlive the scope.
 */
struct sl_relation_names {
	struct sl_relation *rel;
	const struct sl_view *view;
	const struct sl_call *siblings; /* the derive whose names do not see one another; NULL: none */
};
struct sl_scope sl_relation_scope(struct sl_relation_names *self, const struct sl_call *call);

/*
 * sl_relation_sibling - refuse a name that the same table defines, with a word about order; SL_OK when it
 * does not.
 */
SL_MUST_CHECK enum sl_rc sl_relation_sibling(const struct sl_call *call, const char *verb, const char *name,
                                             struct sl_err *err);

/* sl_relation_is_made - whether an input is a column that per_unit made: no column of the view stands behind it. */
bool sl_relation_is_made(const struct sl_relation *rel, uint32_t input);

/* sl_relation_column - the view's column behind an input that per_unit did not make; an attribute, if it is one. */
const struct sl_column *sl_relation_column(const struct sl_relation *rel, const struct sl_view *view, uint32_t input);
const struct sl_table *sl_relation_table(const struct sl_relation *rel, const struct sl_view *view, uint32_t source);

/* sl_relation_quote - "\"" when an expression must write this column's name in double quotes, else "". */
const char *sl_relation_quote(const char *name);

/* sl_relation_gives_rows - whether a source's columns can be read: it is no side that only keeps or drops units. */
bool sl_relation_gives_rows(const struct sl_source *source);

/*
 * sl_relation_uses - refuse (SL_E_DENIED, rule "use-filter" …) an expression one of whose columns lacks every use in
 * `use`; an attribute also needs the use on the column it is looked up by, which for a measure is filter; of a made
 * column those of the columns that its sum, mean, least or largest is of. A made count or condition
 * was judged as a condition when it was made.
 */
SL_MUST_CHECK enum sl_rc sl_relation_uses(const struct sl_relation *rel, const struct sl_view *view,
                                          const struct sl_expr *expr, enum sl_use use, struct sl_err *err);

/*
 * sl_relation_append - append src's ops and sets to dst, inputs moved by `base`; SL_E_LIMIT when dst is
 * then too large.
 */
SL_MUST_CHECK enum sl_rc sl_relation_append(struct sl_expr *dst, const struct sl_expr *src, uint32_t base,
                                            struct sl_err *err);

/*
 * sl_relation_grow - room for one more element behind n; the new one is zeroed. SL_E_LIMIT beyond max:
 * "more than 8 keys".
 */
SL_MUST_CHECK enum sl_rc sl_relation_grow(void **items, uint32_t n, size_t size, uint32_t max, const char *what,
                                          struct sl_err *err);

/*
 * sl_relation_text - a copy of text in *out. sl_relation_name - the same for a name: sl_text_is_ident, or
 * SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_relation_text(char **out, const char *text, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_relation_name(char **out, const char *name, struct sl_err *err);

/* sl_relation_before_summarise - refuse a verb that comes too late. */
SL_MUST_CHECK enum sl_rc sl_relation_before_summarise(const struct sl_relation *rel, const char *verb,
                                                      struct sl_err *err);

/* sl_relation_parse - text as `mode` says, over rel's names; new columns become inputs. sl_parsed_free frees out. */
SL_MUST_CHECK enum sl_rc sl_relation_parse(struct sl_relation *rel, struct sl_call *call, enum sl_parse_mode mode,
                                           const char *text, struct sl_parsed *out, struct sl_err *err);

/* sl_relation_conjoin - where := where and more; more's inputs moved by `base`. */
SL_MUST_CHECK enum sl_rc sl_relation_conjoin(struct sl_expr *where, const struct sl_expr *more, uint32_t base,
                                             struct sl_err *err);

/* sl_relation_name_is_free - refuse a name that rel has already. */
SL_MUST_CHECK enum sl_rc sl_relation_name_is_free(const struct sl_relation *rel, const struct sl_view *view,
                                                  const char *name, struct sl_err *err);

/* sl_relation_mark, sl_relation_renumber - which inputs an expression reads; give them other numbers. */
void sl_relation_mark(const struct sl_expr *x, bool used[static SL_INPUTS_MAX]);
void sl_relation_renumber(struct sl_expr *x, const uint16_t to[static SL_INPUTS_MAX]);

/* The verbs of combine.c, for the table in verbs.c. */
SL_MUST_CHECK enum sl_rc sl_combine_per_unit(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_combine_join(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);

/* The verb of lookup.c. sl_lookup_add - one more table looked up; SL_E_INPUT: it is, or a derived name is so called. */
SL_MUST_CHECK enum sl_rc sl_lookup_verb(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_lookup_add(struct sl_relation *rel, const struct sl_view *view, struct sl_looked looked,
                                       struct sl_err *err);

/* The verb of summarise.c, and those of finish.c. */
SL_MUST_CHECK enum sl_rc sl_summarise(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_finish_calc(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_finish_describe(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_finish_order_by(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_finish_limit(struct sl_relation *rel, struct sl_call *call, struct sl_err *err);

#endif
