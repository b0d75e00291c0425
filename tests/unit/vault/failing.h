/*
 * failing.h - the k-th allocation fails, in a test that is FAILING in its CMakeLists.txt. What our own objects ask for
 * is counted, not what shared libraries do.
 */
#ifndef SL_TEST_FAILING_H
#define SL_TEST_FAILING_H

/* 0: none fails. Counting starts anew. failing_from - the k-th and all behind it. */
void failing_at(unsigned long k);
void failing_from(unsigned long k);
/* Whether the k-th was reached. failing_count - allocations since; failing_bytes - what they asked for, strings not. */
int failing_reached(void);
unsigned long failing_count(void);
unsigned long failing_bytes(void);

#endif
