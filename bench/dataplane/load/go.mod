module tcp-ingress.local/load

go 1.25.0
