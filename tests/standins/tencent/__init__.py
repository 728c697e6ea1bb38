"""What the servers of WeChat and WeCom have in common: tokens, media, callbacks, screens, faults on demand."""
