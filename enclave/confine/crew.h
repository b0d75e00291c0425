/*
 * crew.h - the threads of a confined process: started once, before the filter goes on, and then only waiting or
 * working.
 *
 * One crew per process. Work is handed out as a whole and waited for as a whole: between two calls of sl_crew_run the
 * process is as good as single-threaded, so nothing of it needs a lock. Waiting is futex(2) with WAIT and WAKE,
 * private; nothing else is asked of the system after the start.
 */
#ifndef SL_CONFINE_CREW_H
#define SL_CONFINE_CREW_H

#include "enclave/base/err.h"

#define SL_CREW_MAX 64
#define SL_CREW_STACK_BYTES ((size_t)1 << 20)

/*
 * sl_crew_start - have `size` threads at work, the caller counted: size - 1 are made. At most once per process; 0 and 1
 * make none. Called by sl_confine_lock for c->threads; by tests themselves.
 * Fails: SL_E_HOST (the system makes no thread), SL_E_LIMIT (size over SL_CREW_MAX), SL_E_BUG (a second time).
 */
SL_MUST_CHECK enum sl_rc sl_crew_start(uint32_t size, struct sl_err *err);

/* sl_crew_size - threads at work, 1 when none was started. */
uint32_t sl_crew_size(void);

/*
 * sl_crew_run - call work(arg, i) once for every i < sl_crew_size(), each on a thread of its own, i = 0 on the
 * caller's; returns when all have. What they wrote is then visible to the caller. Not to be called from within work.
 * malloc and free are safe in work (the arena has a lock), but what must be quick allocates before.
 */
typedef void sl_crew_work(void *arg, uint32_t index);
void sl_crew_run(sl_crew_work *work, void *arg);

#endif
