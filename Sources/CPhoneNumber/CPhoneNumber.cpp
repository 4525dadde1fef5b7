extern "C" void governor_phone_placeholder(void) {}
