"""The real channels in the conversations: what a platform brings, and what people see of what it is sent."""
