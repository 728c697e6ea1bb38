"""What people ask for by chat: read what was done, call one service, reply."""
