/*
 * dummy_words.h - what data dummy and job check share: how many invented rows, and that they are invented.
 */
#ifndef SL_UI_DUMMY_WORDS_H
#define SL_UI_DUMMY_WORDS_H

#include "jobs/dummy.h"
#include "ui-cli/cli.h"

/* sl_dummy_words_take - --seed, --units, --rows, or what is usual. SL_E_USAGE. */
SL_MUST_CHECK enum sl_rc sl_dummy_words_take(const struct sl_cli *c, struct sl_dummy_size *size, struct sl_err *err);

/* sl_dummy_words_say - on stderr, before anything else, with --json too. */
void sl_dummy_words_say(const struct sl_dummy_size *size);
/* sl_dummy_words_object - {"marking": "DUMMY DATA"}, for members to be added; NULL: out of memory. */
json_t *sl_dummy_words_object(void);

#endif
