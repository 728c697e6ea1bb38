"""What the callbacks of WeChat service accounts and of WeCom have in common. Tencent runs both."""
