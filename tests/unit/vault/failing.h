/*
 * failing.h - the k-th allocation fails. Link with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup; it
 * counts what our own objects ask for, not what shared libraries do.
 */
#ifndef SL_TEST_FAILING_H
#define SL_TEST_FAILING_H

/* 0: none fails. Counting starts anew. */
void failing_at(unsigned long k);
/* Whether the k-th was reached. */
int failing_reached(void);

#endif
