sl_fuzz_target(policy_policy SOURCES "${CMAKE_CURRENT_LIST_DIR}/policy_policy.c" LINKS sl_policy)
sl_fuzz_target(policy_catalogue SOURCES "${CMAKE_CURRENT_LIST_DIR}/policy_catalogue.c" LINKS sl_policy)
sl_fuzz_target(policy_render SOURCES "${CMAKE_CURRENT_LIST_DIR}/policy_render.c" LINKS sl_policy)
sl_fuzz_target(policy_check SOURCES "${CMAKE_CURRENT_LIST_DIR}/policy_check.c" LINKS sl_policy_rules)
