sl_fuzz_target(keeper_talk SOURCES "${CMAKE_CURRENT_LIST_DIR}/keeper_talk.c" LINKS sl_keeper)
sl_fuzz_target(keeper_peer SOURCES "${CMAKE_CURRENT_LIST_DIR}/keeper_peer.c" LINKS sl_keeper)
sl_fuzz_target(keeper_frame SOURCES "${CMAKE_CURRENT_LIST_DIR}/keeper_frame.c" LINKS sl_pact)
