/* owner_words.h - what the commands about owners share: days, columns, uses as text. */
#ifndef SL_UI_OWNER_WORDS_H
#define SL_UI_OWNER_WORDS_H

#include "jobs/owner.h"
#include "ui-cli/cli.h"

/* sl_owner_words_day - the flag's YYYY-MM-DD; not given: INT64_MIN. SL_E_USAGE. */
SL_MUST_CHECK enum sl_rc sl_owner_words_day(const struct sl_cli *c, const char *flag, int64_t *out, struct sl_err *err);
/* sl_owner_words_terms - --until and --columns; names has room for SL_GIVEN_MAX. */
SL_MUST_CHECK enum sl_rc sl_owner_words_terms(const struct sl_cli *c, const char **names, struct sl_owner_terms *out,
                                              struct sl_err *err);
/* sl_owner_words_columns - "age (group filter), male (group)". */
void sl_owner_words_columns(const struct sl_granted_column *columns, uint32_t n, struct sl_buf *out);
/* The same for --json: column → uses. */
json_t *sl_owner_words_columns_json(const struct sl_granted_column *columns, uint32_t n);

/* sl_owner_words_grant_json - the owner's word: {"state", "grant", "until"}. */
json_t *sl_owner_words_grant_json(const struct sl_owner_word *word);

#endif
