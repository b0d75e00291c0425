/* completion_words.h - which words may come next on a command line, from the table of commands. */
#ifndef SL_UI_COMPLETION_WORDS_H
#define SL_UI_COMPLETION_WORDS_H

#include "jobs/complete.h"

/* What the last of n words is. */
struct sl_completing {
	enum sl_complete_kind kind; /* of the enclave's names and ids; NOTHING: none of them */
	const char *dir, *key;      /* given on the line; NULL: not */
	bool codes;                 /* a code of explain */
};

/* sl_completion_judge - words[n - 1] is being typed and may be "". */
struct sl_completing sl_completion_judge(const char *const *words, size_t n);

#endif
