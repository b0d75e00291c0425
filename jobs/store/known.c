/* known.c - see known.h. */
#include "jobs/store/known.h"

#define OWNER_OF_A " coalesce((SELECT owner FROM entry WHERE position=0 AND tbl=a.table_name), '')"

static const char *const queries[] = {
	[SL_KNOWN_JOB] = "SELECT id, state, project, author, '' FROM job ORDER BY id DESC LIMIT 500",
	[SL_KNOWN_REQUEST] = "SELECT id, state, project, author, '' FROM request ORDER BY id DESC LIMIT 500",
	[SL_KNOWN_RELEASE] = "SELECT l.id, 0, l.project, r.author, '' FROM release AS l JOIN request AS r ON r.id=l.request"
	                     " ORDER BY l.id DESC LIMIT 500",
	[SL_KNOWN_APPLICATION] = "SELECT a.id, a.state, a.project, a.author," OWNER_OF_A
	                         " FROM application AS a ORDER BY a.id DESC LIMIT 500",
	[SL_KNOWN_GRANT] = "SELECT g.id, g.withdrawn_at, a.project, a.author," OWNER_OF_A
	                   " FROM owner_grant AS g JOIN application AS a ON a.id=g.application ORDER BY g.id DESC LIMIT 500",
};

enum sl_rc sl_store_known_each(struct sl_db *db, enum sl_store_known_kind kind, sl_store_known_see *see, void *self,
                               struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	if ((size_t)kind >= sizeof queries / sizeof queries[0] || queries[kind] == NULL)
		return SL_OK;
	enum sl_rc rc = sl_stmt_begin(db, queries[kind], &st, err);
	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK) {
		const struct sl_store_known known = {
			.id = sqlite3_column_int64(st, 0),
			.state = sqlite3_column_int64(st, 1),
			.project = (const char *)sqlite3_column_text(st, 2),
			.author = (const char *)sqlite3_column_text(st, 3),
			.owner = (const char *)sqlite3_column_text(st, 4),
		};
		rc = known.project != NULL && known.author != NULL && known.owner != NULL
		             ? see(self, &known, err)
		             : sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}
