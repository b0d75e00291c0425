sl_fuzz_target(jobs_owner_statement SOURCES "${CMAKE_CURRENT_LIST_DIR}/jobs_owner_statement.c" LINKS sl_jobs)
sl_fuzz_target(jobs_ledger SOURCES "${CMAKE_CURRENT_LIST_DIR}/jobs_ledger.c" LINKS sl_jobs)
