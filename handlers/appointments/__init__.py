"""约谈 and 订阅日历, as people say and see them."""
